// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.nio.ByteBuffer;

/**
 * 16 random bytes that make the id of an upload impossible to guess. They are part of what a client shows; whoever shows
 * others has no access to the upload.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record UploadSecret(long high, long low) {

    /** Bytes of the encoded form. */
    public static final int BYTES = 16;

    public static UploadSecret readFrom(ByteBuffer source) {
        return new UploadSecret(source.getLong(), source.getLong());
    }

    public void writeTo(ByteBuffer target) {
        target.putLong(high).putLong(low);
    }

    /** Like {@code equals}, in a time that does not depend on where the difference is. */
    public boolean matches(UploadSecret shown) {
        return ((high ^ shown.high) | (low ^ shown.low)) == 0;
    }

    /** Without the bytes. */
    @Override
    public String toString() {
        return "UploadSecret[hidden]";
    }
}
