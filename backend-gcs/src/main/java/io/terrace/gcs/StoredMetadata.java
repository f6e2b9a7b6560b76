// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.cloud.storage.BlobInfo;
import io.terrace.Compression;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectMetadata;
import io.terrace.TerraceException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How metadata are kept with an object: whole, as JSON in one entry, and once more, as far as plain text can say it, in the
 * entries and fields that other programs read.
 *
 * <p>The time of expiry is no custom time, which rules of the bucket act on: the row decides when a blob goes (LT-1.5).
 */
final class StoredMetadata {

    /** The whole as JSON, in base64 for URLs, or {@link #LEFT_OUT}. */
    static final String WHOLE = "x-terrace-metadata";

    static final String LEFT_OUT = "-";

    /** What the store allows for the names and values of all entries. */
    private static final int MAX_BYTES = 8192;

    private static final String EXPIRATION = "x-sn-expiration";
    private static final String ORIGIN = "x-sn-origin";
    private static final String FILENAME = "x-sn-filename";
    private static final String CUSTOM = "x-snme-";

    private StoredMetadata() {}

    static BlobInfo.Builder addTo(BlobInfo.Builder object, ObjectMetadata metadata) {
        Compression compression = metadata.compression();
        return object.setContentType(metadata.contentType())
                .setContentEncoding(compression == null ? null : compression.toString())
                .setMetadata(entries(metadata));
    }

    /** The one entry that says all. Letters, digits and hyphens only, so no client or server has to encode it. */
    static Map<String, String> whole(ObjectMetadata metadata) {
        Map<String, String> whole =
                Map.of(WHOLE, Base64.getUrlEncoder().withoutPadding().encodeToString(metadata.toJson()));
        return bytesOf(whole) > MAX_BYTES ? Map.of(WHOLE, LEFT_OUT) : whole;
    }

    private static Map<String, String> entries(ObjectMetadata metadata) {
        Map<String, String> entries = whole(metadata);
        if (LEFT_OUT.equals(entries.get(WHOLE))) {
            return entries;
        }
        Map<String, String> legible = new LinkedHashMap<>(entries);
        if (!metadata.expiration().isManual()) {
            put(legible, EXPIRATION, metadata.expiration().toString());
        }
        put(legible, ORIGIN, metadata.origin());
        put(legible, FILENAME, metadata.filename());
        metadata.custom().forEach((key, value) -> put(legible, CUSTOM + key, value));
        return bytesOf(legible) > MAX_BYTES ? entries : legible;
    }

    /** What is known, whoever wrote the object; {@code null} if that is nothing, or cannot be read. */
    static @Nullable ObjectMetadata of(BlobInfo object) {
        String whole =
                object.getMetadata() == null ? null : object.getMetadata().get(WHOLE);
        try {
            if (whole == null) {
                return legible(object, entriesOf(object));
            }
            return whole.equals(LEFT_OUT)
                    ? null
                    : ObjectMetadata.fromJson(Base64.getUrlDecoder().decode(whole));
        } catch (TerraceException | IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Of an object that another program wrote. Entries that it has besides are not ours to judge. */
    private static ObjectMetadata legible(BlobInfo object, Map<String, String> entries) {
        ObjectMetadata.Builder metadata = ObjectMetadata.builder();
        if (object.getContentType() != null) {
            metadata.contentType(object.getContentType());
        }
        if (object.getContentEncoding() != null && !object.getContentEncoding().isEmpty()) {
            metadata.compression(Compression.parse(object.getContentEncoding()));
        }
        String expiration = entries.get(EXPIRATION);
        if (expiration != null) {
            metadata.expiration(ExpirationPolicy.parse(expiration));
        }
        metadata.origin(entries.get(ORIGIN)).filename(entries.get(FILENAME));
        metadata.timeCreated(instant(object.getCreateTimeOffsetDateTime()));
        metadata.timeExpires(instant(object.getCustomTimeOffsetDateTime()));
        entries.forEach((key, value) -> {
            if (key.startsWith(CUSTOM)) {
                metadata.custom(key.substring(CUSTOM.length()), value);
            }
        });
        return metadata.build();
    }

    /** The client's type lets values be null. */
    private static Map<String, String> entriesOf(BlobInfo object) {
        Map<String, String> entries = new LinkedHashMap<>();
        if (object.getMetadata() != null) {
            object.getMetadata().forEach((key, value) -> {
                if (value != null) {
                    entries.put(key, value);
                }
            });
        }
        return entries;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** What is no plain visible text would be changed on its way, or refused. */
    private static void put(Map<String, String> entries, String name, @Nullable String value) {
        if (value != null && !value.isEmpty() && isPlain(name) && isPlain(value)) {
            entries.put(name, value);
        }
    }

    private static boolean isPlain(String text) {
        return text.equals(text.strip()) && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static int bytesOf(Map<String, String> entries) {
        return entries.entrySet().stream()
                .mapToInt(entry -> utf8(entry.getKey()) + utf8(entry.getValue()))
                .sum();
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
