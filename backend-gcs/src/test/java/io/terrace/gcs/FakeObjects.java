// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects of all buckets, with preconditions that are checked and acted on in one step. Generations are never used again,
 * and there are no old versions.
 */
final class FakeObjects {

    private static final Pattern ITEM_FIELDS = Pattern.compile("items\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int MAX_NAME_BYTES = 1024;
    private static final int MAX_METADATA_BYTES = 8192;

    private final Map<String, NavigableMap<String, FakeObject>> buckets = new HashMap<>();
    private long generations = 1_700_000_000_000_000L;
    private int pageLimit = 1000;

    synchronized void pageLimit(int most) {
        pageLimit = most;
    }

    synchronized int pageLimit() {
        return pageLimit;
    }

    synchronized FakeAnswer createBucket(String name) {
        if (buckets.putIfAbsent(name, new TreeMap<>()) != null) {
            return FakeAnswer.error(409, "conflict", "You already own this bucket.");
        }
        return FakeAnswer.json(200, Map.of("kind", "storage#bucket", "name", name, "id", name));
    }

    synchronized void drop(String bucket) {
        buckets.remove(bucket);
    }

    synchronized FakeObject store(
            String bucket, String name, JsonNode resource, byte[] bytes, Map<String, String> conditions) {
        checkNew(bucket, name, resource, conditions);
        String said = resource.path("crc32c").asText("");
        if (!said.isEmpty() && !said.equals(FakeObject.crc32c(bytes))) {
            throw FakeAnswer.refuse(
                    400,
                    "invalid",
                    "Provided CRC32C \"" + said + "\" doesn't match calculated CRC32C \"" + FakeObject.crc32c(bytes)
                            + "\".");
        }
        FakeObject stored = FakeObject.of(bucket, name, ++generations, resource, bytes);
        of(bucket).put(name, stored);
        return stored;
    }

    /** What a store would refuse before it looks at the bytes. */
    synchronized void checkNew(String bucket, String name, JsonNode resource, Map<String, String> conditions) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw FakeAnswer.refuse(400, "invalid", "The maximum object length is 1024 characters.");
        }
        int[] size = {0};
        resource.path("metadata")
                .properties()
                .forEach(entry ->
                        size[0] += utf8(entry.getKey()) + utf8(entry.getValue().asText()));
        if (size[0] > MAX_METADATA_BYTES) {
            throw FakeAnswer.refuse(400, "invalid", "The metadata is too large.");
        }
        check(of(bucket).get(name), conditions, false);
    }

    synchronized FakeAnswer describe(String bucket, String name, Map<String, String> query) {
        FakeObject object = find(bucket, name, query);
        return FakeAnswer.json(200, only(object.describe(), query.get("fields")));
    }

    synchronized FakeAnswer download(String bucket, String name, Map<String, String> query, String range) {
        FakeObject object = find(bucket, name, query);
        byte[] bytes = object.bytes();
        FakeAnswer answer = FakeAnswer.empty(200)
                .with("Content-Type", object.resource().path("contentType").asText("application/octet-stream"))
                .with("x-goog-generation", Long.toString(object.generation()))
                .with("x-goog-metageneration", Long.toString(object.metageneration()))
                .with("x-goog-hash", "crc32c=" + object.crc32c() + ",md5=" + object.md5())
                .with("x-goog-stored-content-length", Integer.toString(bytes.length));
        if (object.resource().hasNonNull("contentEncoding")) {
            answer = answer.with(
                    "Content-Encoding", object.resource().get("contentEncoding").asText());
        }
        Matcher asked = RANGE.matcher(range);
        if (!asked.matches()) {
            return answer.withBody(bytes);
        }
        long first = Long.parseLong(asked.group(1));
        if (first >= bytes.length) {
            return FakeAnswer.error(416, "requestedRangeNotSatisfiable", "Request range not satisfiable")
                    .with("Content-Range", "bytes */" + bytes.length);
        }
        long last = asked.group(2).isEmpty() ? bytes.length - 1 : Long.parseLong(asked.group(2));
        int end = (int) Math.min(last + 1, bytes.length);
        return new FakeAnswer(206, answer.headers(), Arrays.copyOfRange(bytes, (int) first, end))
                .with("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + bytes.length);
    }

    synchronized FakeAnswer patch(String bucket, String name, Map<String, String> query, JsonNode changes) {
        FakeObject object = find(bucket, name, query);
        ObjectNode resource = object.resource().deepCopy();
        changes.properties().forEach(change -> resource.set(change.getKey(), change.getValue()));
        FakeObject patched = object.patched(resource);
        of(bucket).put(name, patched);
        return FakeAnswer.json(200, patched.describe());
    }

    synchronized FakeAnswer delete(String bucket, String name, Map<String, String> query) {
        find(bucket, name, query);
        of(bucket).remove(name);
        return FakeAnswer.empty(204);
    }

    synchronized FakeAnswer list(String bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("pageToken", "");
        int most = Math.min(pageLimit, Integer.parseInt(query.getOrDefault("maxResults", "1000")));
        Matcher fields = ITEM_FIELDS.matcher(query.getOrDefault("fields", ""));
        String itemFields = fields.find() ? fields.group(1) : null;
        ObjectNode page = FakeAnswer.JSON.createObjectNode().put("kind", "storage#objects");
        ArrayNode items = page.putArray("items");
        for (FakeObject object : of(bucket).tailMap(after, after.isEmpty()).values()) {
            if (object.name().startsWith(prefix)) {
                if (items.size() == most) {
                    page.put("nextPageToken", items.get(most - 1).get("name").asText());
                    break;
                }
                items.add(only(object.describe(), itemFields));
            }
        }
        return FakeAnswer.json(200, page);
    }

    synchronized List<String> names(String bucket) {
        return List.copyOf(of(bucket).keySet());
    }

    synchronized FakeObject object(String bucket, String name) {
        return of(bucket).get(name);
    }

    private NavigableMap<String, FakeObject> of(String bucket) {
        NavigableMap<String, FakeObject> objects = buckets.get(bucket);
        if (objects == null) {
            throw FakeAnswer.refuse(404, "notFound", "The specified bucket does not exist.");
        }
        return objects;
    }

    private FakeObject find(String bucket, String name, Map<String, String> query) {
        FakeObject object = of(bucket).get(name);
        String generation = query.get("generation");
        if (object == null || (generation != null && Long.parseLong(generation) != object.generation())) {
            throw FakeAnswer.refuse(404, "notFound", "No such object: " + bucket + "/" + name);
        }
        check(object, query, true);
        return object;
    }

    private static void check(FakeObject object, Map<String, String> conditions, boolean read) {
        long generation = object == null ? 0 : object.generation();
        long metageneration = object == null ? 0 : object.metageneration();
        boolean holds = isOr("ifGenerationMatch", conditions, generation, true)
                && isOr("ifMetagenerationMatch", conditions, metageneration, true);
        boolean changed = !isOr("ifGenerationNotMatch", conditions, generation, false)
                && !isOr("ifMetagenerationNotMatch", conditions, metageneration, false);
        if (!holds || (!changed && !read)) {
            throw FakeAnswer.refuse(
                    412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }
        if (!changed) {
            throw new FakeAnswer.Refusal(FakeAnswer.empty(304));
        }
    }

    private static boolean isOr(String condition, Map<String, String> conditions, long actual, boolean without) {
        String expected = conditions.get(condition);
        return expected == null ? without : Long.parseLong(expected) == actual;
    }

    /** A server sends the fields that were asked for, and nothing else. */
    private static ObjectNode only(ObjectNode all, String fields) {
        return fields == null ? all : all.retain(Arrays.asList(fields.split(",")));
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
