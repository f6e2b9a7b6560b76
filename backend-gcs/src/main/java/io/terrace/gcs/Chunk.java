// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The piece of a body that is held: grows with what comes, up to its limit. Not thread-safe. */
final class Chunk {

    private static final int FIRST_BYTES = 16 << 10;

    private final int limit;
    private byte[] bytes;
    private int length;

    /** @param announced how long the body is, or {@link Payload#UNKNOWN} */
    Chunk(long announced, int limit) {
        this.limit = limit;
        this.bytes = new byte[(int) Math.min(announced == Payload.UNKNOWN ? FIRST_BYTES : announced, limit)];
    }

    /** Takes as much as there is room for; the rest stays in the source. */
    void fill(ByteBuffer source) {
        int taken = Math.min(source.remaining(), limit - length);
        int needed = length + taken;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(needed, 2L * bytes.length)));
        }
        source.get(bytes, length, taken);
        length = needed;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    int length() {
        return length;
    }

    /** Its bytes were sent. */
    void clear() {
        length = 0;
    }
}
