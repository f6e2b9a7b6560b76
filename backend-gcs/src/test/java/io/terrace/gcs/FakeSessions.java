// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resumable uploads: what was persisted counts, what is sent again is ignored, and the last byte makes the object. */
final class FakeSessions {

    private static final int UNIT = 256 << 10;
    private static final Pattern QUERY = Pattern.compile("bytes \\*/(\\*|\\d+)");
    private static final Pattern CHUNK = Pattern.compile("bytes (\\d+)-(\\d+)/(\\*|\\d+)");

    private final FakeObjects objects;
    private final Map<String, Session> sessions = new HashMap<>();
    private long started;

    FakeSessions(FakeObjects objects) {
        this.objects = objects;
    }

    private static final class Session {
        private final String bucket;
        private final String name;
        private final JsonNode resource;
        private final Map<String, String> conditions;
        private final ByteArrayOutputStream persisted = new ByteArrayOutputStream();
        private FakeAnswer completed;

        Session(String bucket, String name, JsonNode resource, Map<String, String> conditions) {
            this.bucket = bucket;
            this.name = name;
            this.resource = resource;
            this.conditions = conditions;
        }
    }

    synchronized String start(String bucket, String name, JsonNode resource, Map<String, String> conditions) {
        objects.checkNew(bucket, name, resource, conditions);
        String id = "upload-" + ++started;
        sessions.put(id, new Session(bucket, name, resource, conditions));
        return id;
    }

    /** @param most how many bytes of the chunk are persisted: a server is free to take fewer than were sent */
    synchronized FakeAnswer put(FakeRequest request, int most) {
        Session session = sessions.get(request.query().get("upload_id"));
        if (session == null) {
            return FakeAnswer.text(404, "Not Found");
        }
        if (session.completed != null) {
            return session.completed;
        }
        String range = request.header("Content-Range");
        Matcher query = QUERY.matcher(range);
        if (query.matches()) {
            return query.group(1).equals(Integer.toString(session.persisted.size()))
                    ? complete(session, request)
                    : incomplete(session);
        }
        Matcher chunk = CHUNK.matcher(range);
        if (!chunk.matches()) {
            return FakeAnswer.text(400, "Failed to parse Content-Range header.");
        }
        return append(session, request, chunk, most);
    }

    private FakeAnswer append(Session session, FakeRequest request, Matcher chunk, int most) {
        long first = Long.parseLong(chunk.group(1));
        long end = Long.parseLong(chunk.group(2)) + 1;
        boolean last = !chunk.group(3).equals("*");
        byte[] bytes = request.body();
        int known = session.persisted.size();
        if (end - first != bytes.length || (last && Long.parseLong(chunk.group(3)) != end)) {
            return FakeAnswer.text(400, "Invalid request.  The Content-Range header does not match the request body.");
        }
        if (!last && bytes.length % UNIT != 0) {
            return FakeAnswer.text(
                    400,
                    "Invalid request.  The number of bytes uploaded is required to be equal or greater "
                            + "than 262144, except for the final request, and a multiple of it.");
        }
        if (first > known) {
            return FakeAnswer.text(
                    400,
                    "Invalid request.  According to the Content-Range header, the upload offset is " + first
                            + " byte(s), which exceeds already uploaded size of " + known + " byte(s).");
        }
        int skipped = (int) Math.min(known - first, bytes.length);
        int taken = Math.min(bytes.length - skipped, most);
        session.persisted.write(bytes, skipped, taken);
        return last && skipped + taken == bytes.length ? complete(session, request) : incomplete(session);
    }

    private FakeAnswer complete(Session session, FakeRequest request) {
        byte[] bytes = session.persisted.toByteArray();
        Matcher said = Pattern.compile("crc32c=([^,]+)").matcher(request.header("x-goog-hash"));
        if (said.find() && !said.group(1).equals(FakeObject.crc32c(bytes))) {
            return FakeAnswer.error(
                    400,
                    "invalid",
                    "Provided CRC32C \"" + said.group(1) + "\" doesn't match calculated CRC32C \""
                            + FakeObject.crc32c(bytes) + "\".");
        }
        FakeObject stored = objects.store(session.bucket, session.name, session.resource, bytes, session.conditions);
        session.completed = FakeAnswer.json(200, stored.describe());
        return session.completed;
    }

    private static FakeAnswer incomplete(Session session) {
        int persisted = session.persisted.size();
        FakeAnswer answer = FakeAnswer.empty(308);
        return persisted == 0 ? answer : answer.with("Range", "bytes=0-" + (persisted - 1));
    }

    /** How many were started and not completed. */
    synchronized long open() {
        return sessions.values().stream()
                .filter(session -> session.completed == null)
                .count();
    }

    synchronized void drop(String bucket) {
        sessions.values().removeIf(session -> session.bucket.equals(bucket));
    }

    /** Ends all, as a server does after a week. */
    synchronized void expire() {
        sessions.clear();
    }
}
