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

    /**
     * Set for a value that was written under a condition. It is the second bit of the variant of a UUID, so it is clear in
     * each id that was made from one, and setting it makes no two ids equal.
     */
    private static final long CONDITIONAL = 1L << 62;

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

    /** This id, marked as that of a value that is written only if the row is as its writer requires. */
    public WriteId conditional() {
        return new WriteId(high, low | CONDITIONAL);
    }

    /**
     * Whether the value was written under a condition. Whoever finds such a value in the place of the row that it read cannot
     * claim to have written just before it: then the condition would not have held.
     */
    public boolean isConditional() {
        return (low & CONDITIONAL) != 0;
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
