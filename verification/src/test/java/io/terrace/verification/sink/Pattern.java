// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.sink;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Bytes that follow from their position, so that nobody needs to keep them. */
public final class Pattern {

    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int BUFFER = 64 * 1024;

    private Pattern() {}

    /** Those from a position on. */
    public static ByteBuffer at(long position, int length) {
        int before = (int) (position & 7);
        int words = (before + length + 7) / 8;
        ByteBuffer buffer = ByteBuffer.allocate(words * 8);
        for (int i = 0; i < words; i++) {
            buffer.putLong((position - before + 8L * i) * FACTOR);
        }
        return buffer.position(before).limit(before + length).slice();
    }

    /** The CRC32C of a range of them. */
    static int crc(long position, long length) {
        CRC32C crc = new CRC32C();
        for (long done = 0; done < length; done += BUFFER) {
            crc.update(at(position + done, (int) Math.min(BUFFER, length - done)));
        }
        return (int) crc.getValue();
    }
}
