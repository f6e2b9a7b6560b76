// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The JSON form of metadata. Its names and shapes are a stored format that other implementations read, so they are fixed. */
final class MetadataJson {
    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private static final String TIME_TO_LIVE = "TimeToLive";
    private static final String TIME_TO_IDLE = "TimeToIdle";

    private MetadataJson() {}

    static byte[] write(ObjectMetadata m) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            writePolicy(json, m.expiration());
            writeTime(json, "time_created", m.timeCreated());
            writeTime(json, "time_expires", m.timeExpires());
            json.writeStringField("content_type", m.contentType());
            if (m.compression() != null) {
                json.writeStringField("compression", "Zstd");
            }
            writeText(json, "origin", m.origin());
            writeText(json, "filename", m.filename());
            if (m.size() >= 0) {
                json.writeNumberField("size", m.size());
            }
            if (!m.custom().isEmpty()) {
                json.writeObjectFieldStart("custom");
                for (Map.Entry<String, String> entry : m.custom().entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void writePolicy(JsonGenerator json, ExpirationPolicy policy) throws IOException {
        if (policy.isManual()) {
            return;
        }
        Duration after = policy.duration().orElseThrow();
        json.writeObjectFieldStart("expiration_policy");
        json.writeObjectFieldStart(policy.fold(() -> "", ttl -> TIME_TO_LIVE, tti -> TIME_TO_IDLE));
        json.writeNumberField("secs", after.getSeconds());
        json.writeNumberField("nanos", after.getNano());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeTime(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        if (time != null) {
            json.writeObjectFieldStart(field);
            json.writeNumberField("secs_since_epoch", time.getEpochSecond());
            json.writeNumberField("nanos_since_epoch", time.getNano());
            json.writeEndObject();
        }
    }

    private static void writeText(JsonGenerator json, String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, text);
        }
    }

    static ObjectMetadata read(ByteBuffer json) {
        try {
            ObjectMetadata.Builder builder = ObjectMetadata.builder();
            read(MAPPER.readTree(bytes(json)), builder);
            return builder.buildStored();
        } catch (JsonProcessingException e) {
            // The parser's message quotes what it found, which may be a secret, so neither it nor the error goes along.
            long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw malformed("it is not JSON, at byte " + at);
        } catch (IOException e) {
            throw malformed("it is not JSON");
        } catch (InvalidMetadataException e) {
            throw malformed(e.getMessage());
        }
    }

    private static byte[] bytes(ByteBuffer json) {
        byte[] copy = new byte[json.remaining()];
        json.duplicate().get(copy);
        return copy;
    }

    private static void read(JsonNode root, ObjectMetadata.Builder to) {
        if (!root.isObject()) {
            throw malformed("it is not a JSON object");
        }
        JsonNode policy = root.get("expiration_policy");
        if (policy != null) {
            to.expiration(policy(policy));
        }
        optional(root, "time_created", n -> to.timeCreated(time("time_created", n)));
        optional(root, "time_expires", n -> to.timeExpires(time("time_expires", n)));
        JsonNode type = root.get("content_type");
        if (type != null) {
            to.contentType(text("content_type", type));
        }
        optional(root, "compression", n -> to.compression(compression(n)));
        optional(root, "origin", n -> to.origin(text("origin", n)));
        optional(root, "filename", n -> to.filename(text("filename", n)));
        optional(root, "size", n -> to.size(number("size", n)));
        JsonNode custom = root.get("custom");
        if (custom != null) {
            object("custom", custom).properties().forEach(e -> to.custom(e.getKey(), text("custom", e.getValue())));
        }
    }

    private static void optional(JsonNode root, String field, Consumer<JsonNode> read) {
        JsonNode node = root.get(field);
        if (node != null && !node.isNull()) {
            read.accept(node);
        }
    }

    private static ExpirationPolicy policy(JsonNode node) {
        if (node.isTextual() && node.textValue().equals("Manual")) {
            return ExpirationPolicy.manual();
        }
        if (node.isObject() && node.size() == 1) {
            if (node.has(TIME_TO_LIVE)) {
                return ExpirationPolicy.timeToLive(duration(node.get(TIME_TO_LIVE)));
            }
            if (node.has(TIME_TO_IDLE)) {
                return ExpirationPolicy.timeToIdle(duration(node.get(TIME_TO_IDLE)));
            }
        }
        throw malformed("field expiration_policy is not a known policy");
    }

    private static Duration duration(JsonNode node) {
        return Duration.ofSeconds(
                number("secs", object("expiration_policy", node).get("secs")), nanos("nanos", node.get("nanos")));
    }

    private static Instant time(String field, JsonNode node) {
        JsonNode seconds = object(field, node).get("secs_since_epoch");
        try {
            return Instant.ofEpochSecond(number(field, seconds), nanos(field, node.get("nanos_since_epoch")));
        } catch (DateTimeException e) {
            throw malformed("field " + field + " is too far in the future");
        }
    }

    private static Compression compression(JsonNode node) {
        if (!text("compression", node).equals("Zstd")) {
            throw malformed("field compression is not a known compression");
        }
        return Compression.ZSTD;
    }

    private static JsonNode object(String field, JsonNode node) {
        if (!node.isObject()) {
            throw malformed("field " + field + " is not an object");
        }
        return node;
    }

    private static String text(String field, JsonNode node) {
        if (!node.isTextual()) {
            throw malformed("field " + field + " is not text");
        }
        return node.textValue();
    }

    private static long number(String field, @Nullable JsonNode node) {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw malformed("field " + field + " is not a whole number from 0 on");
        }
        return node.longValue();
    }

    private static long nanos(String field, @Nullable JsonNode node) {
        long nanos = number(field, node);
        if (nanos > 999_999_999) {
            throw malformed("field " + field + " has more than a second of nanoseconds");
        }
        return nanos;
    }

    private static IntegrityException malformed(@Nullable String why) {
        return new IntegrityException(
                "stored object metadata is malformed: " + why + "; restore the object, or delete and rewrite it");
    }
}
