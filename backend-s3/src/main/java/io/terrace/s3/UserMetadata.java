// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.IntegrityException;
import io.terrace.ObjectMetadata;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in the user metadata of an object: that of its blob as JSON in base64, since S3 takes ASCII only and may
 * fold blanks, and its CRC32C in hexadecimal.
 */
final class UserMetadata {

    private static final String METADATA = "terrace-metadata";
    private static final String CRC = "terrace-crc32c";

    /** S3 keeps 2 KiB of names and values together. */
    private static final int MOST_METADATA = 2048 - METADATA.length() - CRC.length() - 8;

    private UserMetadata() {}

    /** The metadata as they are kept with the object; {@code null} if they are too large for that. */
    static @Nullable String encode(ObjectMetadata metadata) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(metadata.toJson());
        return encoded.length() <= MOST_METADATA ? encoded : null;
    }

    /**
     * All that is kept.
     *
     * @param encoded metadata, if they are kept
     * @param crc that of all bytes, if it is known already
     */
    static Map<String, String> write(@Nullable String encoded, @Nullable Integer crc) {
        Map<String, String> written = new HashMap<>();
        if (encoded != null) {
            written.put(METADATA, encoded);
        }
        if (crc != null) {
            written.put(CRC, HexFormat.of().toHexDigits(crc));
        }
        return written;
    }

    /** {@code null} if there is none, or none that we can read: the row is what counts. */
    static @Nullable ObjectMetadata metadata(Map<String, String> written) {
        String text = written.get(METADATA);
        try {
            return text == null
                    ? null
                    : ObjectMetadata.fromJson(Base64.getUrlDecoder().decode(text));
        } catch (IntegrityException | IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** {@code null} if there is none, or none that we can read. */
    static @Nullable Integer crc(Map<String, String> written) {
        String text = written.get(CRC);
        try {
            return text == null ? null : HexFormat.fromHexDigits(text);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }
}
