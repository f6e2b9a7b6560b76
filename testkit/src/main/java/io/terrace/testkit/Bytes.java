// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bytes that follow from their position, so that any mix-up shows. */
final class Bytes {

    private Bytes() {}

    /** That many bytes. They begin differently for each length, and never repeat with the period of a buffer. */
    static ByteBuffer of(int size) {
        byte[] bytes = new byte[size];
        long state = size * 0x9E3779B97F4A7C15L + 1;
        for (int i = 0; i < size; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            bytes[i] = (byte) (state >>> 56);
        }
        return ByteBuffer.wrap(bytes);
    }

    /** The bytes from position to limit, which stay where they are. */
    static ByteBuffer copy(ByteBuffer source) {
        ByteBuffer copy = ByteBuffer.allocate(source.remaining());
        return copy.put(source.duplicate()).flip();
    }

    static ByteBuffer slice(ByteBuffer source, long first, long length) {
        return source.duplicate()
                .position((int) first)
                .limit((int) (first + length))
                .slice();
    }

    /** The same bytes in buffers of at most that size. */
    static List<ByteBuffer> cut(ByteBuffer whole, int size) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0; at < whole.remaining(); at += size) {
            pieces.add(slice(whole, at, Math.min(size, whole.remaining() - at)));
        }
        return pieces;
    }

    static ByteBuffer join(Iterable<ByteBuffer> pieces) {
        int size = 0;
        for (ByteBuffer piece : pieces) {
            size += piece.remaining();
        }
        ByteBuffer whole = ByteBuffer.allocate(size);
        pieces.forEach(piece -> whole.put(piece.duplicate()));
        return whole.flip();
    }
}
