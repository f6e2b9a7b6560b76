// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.UploadId;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSecret;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** R10: an upload id is the UUID of the upload's blob, which finds the record, and its secret, which opens it. */
final class UploadIds {

    private static final int BYTES = 16 + UploadSecret.BYTES;

    private UploadIds() {}

    /** What an upload id says, true or not. */
    record Shown(EntryId entry, UploadSecret secret) {}

    static UploadId of(UploadRecord record) {
        UUID uuid = record.blob().uuid();
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits());
        record.secret().writeTo(bytes);
        return new UploadId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()));
    }

    /** {@code null} if it is none of ours: other characters, another length, or another spelling of the same bytes. */
    static @Nullable Shown parse(UploadId id) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(id.text());
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        if (bytes.length != BYTES
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(id.text())) {
            return null;
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        return new Shown(new EntryId(new UUID(read.getLong(), read.getLong())), UploadSecret.readFrom(read));
    }
}
