// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Uploads in parts, as the XML API has them. */
final class FakeParts {

    private static final String META = "x-goog-meta-";
    private static final int MIN_PART_BYTES = 5 << 20;
    private static final Pattern NAMED =
            Pattern.compile("<PartNumber>(\\d+)</PartNumber>\\s*<ETag>([^<]*)</ETag>", Pattern.CASE_INSENSITIVE);

    private final FakeObjects objects;
    private final TreeMap<String, Session> sessions = new TreeMap<>();
    private long started;

    FakeParts(FakeObjects objects) {
        this.objects = objects;
    }

    private record Session(String bucket, String name, ObjectNode resource, TreeMap<Integer, FakeObject> parts) {}

    static boolean isKind(String kind) {
        return kind.startsWith("parts.");
    }

    /** Of a request whose path is a bucket, and perhaps a name. */
    static String kindOf(FakeRequest request) {
        return switch (request.method()) {
            case "POST" -> request.query().containsKey("uploads") ? "parts.start" : "parts.complete";
            case "PUT" -> "parts.store";
            case "GET" -> request.query().containsKey("uploads") ? "parts.sessions" : "parts.list";
            case "DELETE" -> "parts.abort";
            default -> "unknown";
        };
    }

    synchronized FakeAnswer handle(FakeRequest request, String kind) {
        String bucket = request.path().get(0);
        if (kind.equals("parts.sessions")) {
            return sessions(bucket, request.query());
        }
        String name = request.path().get(1);
        if (kind.equals("parts.start")) {
            return start(bucket, name, request);
        }
        String id = request.query().getOrDefault("uploadId", "");
        Session session = sessions.get(id);
        if (session == null
                || !session.bucket().equals(bucket)
                || !session.name().equals(name)) {
            return error(404, "NoSuchUpload", "The requested upload was not found.");
        }
        return switch (kind) {
            case "parts.store" -> store(session, request);
            case "parts.list" -> list(session, request.query());
            case "parts.complete" -> complete(id, session, request);
            default -> {
                sessions.remove(id);
                yield FakeAnswer.empty(204);
            }
        };
    }

    private FakeAnswer start(String bucket, String name, FakeRequest request) {
        ObjectNode resource = FakeAnswer.JSON.createObjectNode();
        resource.put("contentType", request.headers().getOrDefault("Content-Type", "application/octet-stream"));
        if (!request.header("Content-Encoding").isEmpty()) {
            resource.put("contentEncoding", request.header("Content-Encoding"));
        }
        ObjectNode metadata = resource.putObject("metadata");
        request.headers().forEach((header, value) -> {
            if (header.toLowerCase(Locale.ROOT).startsWith(META)) {
                metadata.put(header.substring(META.length()).toLowerCase(Locale.ROOT), value);
            }
        });
        objects.checkNew(bucket, name, resource, Map.of());
        String id = String.format("part-upload-%08d", ++started);
        sessions.put(id, new Session(bucket, name, resource, new TreeMap<>()));
        return xml("<InitiateMultipartUploadResult><Bucket>" + bucket + "</Bucket><Key>" + escaped(name)
                + "</Key><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
    }

    private FakeAnswer store(Session session, FakeRequest request) {
        int number = Integer.parseInt(request.query().get("partNumber"));
        if (number < 1 || number > 10_000) {
            return error(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive.");
        }
        String crc = FakeObject.crc32c(request.body());
        Matcher said = Pattern.compile("crc32c=([^,]+)").matcher(request.header("x-goog-hash"));
        if (said.find() && !said.group(1).equals(crc)) {
            return error(400, "BadDigest", "The CRC32C you specified did not match what we received.");
        }
        FakeObject part = FakeObject.of(session.bucket(), session.name(), number, session.resource(), request.body());
        session.parts().put(number, part);
        return FakeAnswer.empty(200)
                .with("ETag", etag(part))
                .with("x-goog-hash", "crc32c=" + crc + ",md5=" + part.md5());
    }

    private static FakeAnswer list(Session session, Map<String, String> query) {
        int after = Integer.parseInt(query.getOrDefault("part-number-marker", "0"));
        int most = Math.min(1000, Integer.parseInt(query.getOrDefault("max-parts", "1000")));
        StringBuilder parts = new StringBuilder();
        int last = 0;
        int listed = 0;
        boolean more = false;
        for (Map.Entry<Integer, FakeObject> part :
                session.parts().tailMap(after, false).entrySet()) {
            if (listed++ == most) {
                more = true;
                break;
            }
            last = part.getKey();
            parts.append("<Part><PartNumber>")
                    .append(last)
                    .append("</PartNumber><LastModified>2026-01-01T00:00:00.000Z")
                    .append("</LastModified><ETag>")
                    .append(escaped(etag(part.getValue())))
                    .append("</ETag><Size>")
                    .append(part.getValue().bytes().length)
                    .append("</Size></Part>");
        }
        return xml("<ListPartsResult><PartNumberMarker>" + after + "</PartNumberMarker><NextPartNumberMarker>" + last
                + "</NextPartNumberMarker><MaxParts>" + most + "</MaxParts><IsTruncated>" + more + "</IsTruncated>"
                + parts
                + "</ListPartsResult>");
    }

    private FakeAnswer complete(String id, Session session, FakeRequest request) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Matcher named = NAMED.matcher(new String(request.body(), StandardCharsets.UTF_8));
        int before = 0;
        FakeObject last = null;
        while (named.find()) {
            int number = Integer.parseInt(named.group(1));
            FakeObject part = session.parts().get(number);
            if (part == null || !etag(part).equals(unescaped(named.group(2)))) {
                return error(400, "InvalidPart", "One or more of the specified parts could not be found.");
            }
            if (number <= before) {
                return error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
            }
            if (last != null && last.bytes().length < MIN_PART_BYTES) {
                return error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum.");
            }
            whole.writeBytes(part.bytes());
            before = number;
            last = part;
        }
        if (last == null) {
            return error(400, "MalformedXML", "The XML you provided was not well-formed.");
        }
        FakeObject stored =
                objects.store(session.bucket(), session.name(), session.resource(), whole.toByteArray(), Map.of());
        sessions.remove(id);
        return xml("<CompleteMultipartUploadResult><Location>x</Location><Bucket>" + session.bucket() + "</Bucket><Key>"
                        + escaped(session.name()) + "</Key><ETag>" + escaped(etag(stored))
                        + "</ETag></CompleteMultipartUploadResult>")
                .with("x-goog-hash", "crc32c=" + stored.crc32c());
    }

    private FakeAnswer sessions(String bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String afterKey = query.getOrDefault("key-marker", "");
        String afterId = query.getOrDefault("upload-id-marker", "");
        int most = Math.min(objects.pageLimit(), Integer.parseInt(query.getOrDefault("max-uploads", "1000")));
        TreeMap<String, String> ordered = new TreeMap<>();
        sessions.forEach((id, session) -> {
            if (session.bucket().equals(bucket) && session.name().startsWith(prefix)) {
                ordered.put(session.name() + "\u0000" + id, id);
            }
        });
        StringBuilder uploads = new StringBuilder();
        String next = "";
        int listed = 0;
        boolean more = false;
        for (String id : ordered.tailMap(afterKey.isEmpty() ? "" : afterKey + "\u0000" + afterId, false)
                .values()) {
            if (listed++ == most) {
                more = true;
                break;
            }
            String key = escaped(sessions.get(id).name());
            uploads.append("<Upload><Key>")
                    .append(key)
                    .append("</Key><UploadId>")
                    .append(id)
                    .append("</UploadId><Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>");
            next = "<NextKeyMarker>" + key + "</NextKeyMarker><NextUploadIdMarker>" + id + "</NextUploadIdMarker>";
        }
        return xml("<ListMultipartUploadsResult><Bucket>" + bucket + "</Bucket><MaxUploads>" + most
                + "</MaxUploads><IsTruncated>" + more + "</IsTruncated>" + (more ? next : "") + uploads
                + "</ListMultipartUploadsResult>");
    }

    synchronized void drop(String bucket) {
        sessions.values().removeIf(session -> session.bucket().equals(bucket));
    }

    /** How many were begun and neither completed nor aborted. */
    synchronized int open() {
        return sessions.size();
    }

    private static String etag(FakeObject part) {
        return "\"" + HexFormat.of().formatHex(Base64.getDecoder().decode(part.md5())) + "\"";
    }

    private static FakeAnswer xml(String text) {
        return new FakeAnswer(
                200,
                Map.of("Content-Type", "application/xml; charset=UTF-8"),
                ("<?xml version='1.0' encoding='UTF-8'?>" + text).getBytes(StandardCharsets.UTF_8));
    }

    private static FakeAnswer error(int status, String code, String message) {
        FakeAnswer answer = xml("<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
        return new FakeAnswer(status, answer.headers(), answer.body());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String unescaped(String text) {
        return text.replace("&quot;", "\"").replace("&amp;", "&");
    }
}
