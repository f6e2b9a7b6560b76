// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Names one value write of one row. A fresh one is used for every value write and never again, so that <i>the write id
 * of a row changes if and only if a value was written</i>: the sentence that the whole protocol leans on.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record WriteId(long high, long low) {

    /** The write id of a row that does not exist, and of a marker that only bumps such a row. */
    public static final WriteId NONE = new WriteId(0, 0);

    /** Bytes of the encoded form. */
    public static final int BYTES = 16;

    public static WriteId of(UUID uuid) {
        return new WriteId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    public static WriteId readFrom(ByteBuffer source) {
        return new WriteId(source.getLong(), source.getLong());
    }

    public void writeTo(ByteBuffer target) {
        target.putLong(high).putLong(low);
    }

    public boolean isNone() {
        return high == 0 && low == 0;
    }

    /** 32 hexadecimal digits; what an application sees as the ETag of the object. */
    @Override
    public String toString() {
        return hex(high) + hex(low);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
