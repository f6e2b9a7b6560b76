// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of keys, and of values that are no frames. */
final class Keys {

    private static final int EXPIRY_BYTES = Long.BYTES;

    private Keys() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The first key behind this one. */
    static byte[] behind(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    static byte[] ofExpiry(long collectAtMicros, byte[] key) {
        return ByteBuffer.allocate(EXPIRY_BYTES + key.length)
                .putLong(collectAtMicros)
                .put(key)
                .array();
    }

    static long collectAtOf(byte[] expiry) {
        return ByteBuffer.wrap(expiry).getLong();
    }

    static byte[] keyOf(byte[] expiry) {
        return Arrays.copyOfRange(expiry, EXPIRY_BYTES, expiry.length);
    }

    static byte[] ofVersion(RowVersion version) {
        ByteBuffer bytes = ByteBuffer.allocate(WriteId.BYTES + Long.BYTES);
        version.writeId().writeTo(bytes);
        return bytes.putLong(version.bump()).array();
    }

    static RowVersion versionOf(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return RowVersion.of(WriteId.readFrom(in), in.getLong());
    }

    /** A payload under the write id that seals it. */
    static byte[] seal(WriteId writeId, ByteBuffer payload) {
        ByteBuffer sealed = ByteBuffer.allocate(WriteId.BYTES + payload.remaining());
        writeId.writeTo(sealed);
        return sealed.put(payload.duplicate()).array();
    }

    /** The payload, if it was written under that id; {@code null} if there is none, or another. */
    static @Nullable ByteBuffer unseal(byte @Nullable [] sealed, WriteId writeId) {
        if (sealed == null || sealed.length < WriteId.BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        return WriteId.readFrom(bytes).equals(writeId) ? bytes.slice() : null;
    }
}
