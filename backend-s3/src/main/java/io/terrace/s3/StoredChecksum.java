// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The CRC32C of a whole object: that which the store keeps, or that which we left in the user metadata. */
final class StoredChecksum {

    private StoredChecksum() {}

    /** {@code null} if there is none, or one of the parts only. */
    static @Nullable Integer of(GetObjectResponse head) {
        Integer stored = decode(head.checksumCRC32C());
        return stored != null ? stored : UserMetadata.crc(head.metadata());
    }

    /** As a header has it: four bytes, big-endian, in base64. */
    static String encode(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(crc).array());
    }

    private static @Nullable Integer decode(@Nullable String text) {
        // One of the checksums of parts has their number behind a hyphen, which is no base64.
        if (text == null || text.indexOf('-') >= 0) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
