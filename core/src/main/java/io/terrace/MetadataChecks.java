// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rules that every {@link ObjectMetadata} keeps. Messages name fields and keys, never values of the caller. */
final class MetadataChecks {
    static final int MAX_JSON_BYTES = 16 * 1024 - 512;

    /** What a character can take in JSON at most (an escaped one takes six), and all names and fixed-size fields. */
    private static final int MAX_BYTES_PER_CHAR = 6;

    private static final int FIXED_BYTES = 512;

    private MetadataChecks() {}

    static void checkFields(ObjectMetadata m) {
        if (!MediaTypes.isValid(m.contentType())) {
            throw new InvalidMetadataException("content type " + Texts.quote(m.contentType())
                    + " is not a media type; write type/subtype, for example image/png");
        }
        checkTime("time created", m.timeCreated());
        checkTime("time expires", m.timeExpires());
        checkText("origin", m.origin());
        checkText("filename", m.filename());
        if (m.size() < -1) {
            throw new InvalidMetadataException("size " + m.size() + " is negative; use -1 if it is not known");
        }
        m.custom().forEach((key, value) -> {
            if (key.isEmpty()) {
                throw new InvalidMetadataException("a custom metadata key is empty; give the entry a name");
            }
            checkText("custom metadata key", key);
            checkText("custom metadata entry " + Texts.quote(key), value);
        });
    }

    /** Counts what the store adds later as if it were there, so that stamping accepted metadata cannot exceed the limit. */
    static void checkSize(ObjectMetadata m) {
        if (upperBound(m) <= MAX_JSON_BYTES) {
            return;
        }
        int bytes = MetadataJson.write(m.toBuilder()
                        .timeCreated(Timestamps.MAX)
                        .timeExpires(Timestamps.MAX)
                        .size(Long.MAX_VALUE)
                        .buildStored())
                .length;
        if (bytes > MAX_JSON_BYTES) {
            throw new TooLargeException("the metadata takes " + bytes + " bytes as JSON, at most " + MAX_JSON_BYTES
                    + " are possible; shorten the custom entries, or store them as an object of their own");
        }
    }

    private static long upperBound(ObjectMetadata m) {
        long chars = m.contentType().length() + length(m.origin()) + length(m.filename());
        for (var entry : m.custom().entrySet()) {
            chars += entry.getKey().length() + entry.getValue().length() + 1;
        }
        return chars * MAX_BYTES_PER_CHAR + FIXED_BYTES;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static void checkTime(String field, @Nullable Instant time) {
        if (time != null && !Timestamps.isValid(time)) {
            throw new InvalidMetadataException(field + " " + time + " cannot be stored; use a time from 1970 to 9999");
        }
    }

    private static void checkText(String field, @Nullable String text) {
        if (text != null && Texts.hasUnpairedSurrogate(text)) {
            throw new InvalidMetadataException(
                    field + " has an unpaired surrogate and therefore no UTF-8 form; repair the text");
        }
    }
}
