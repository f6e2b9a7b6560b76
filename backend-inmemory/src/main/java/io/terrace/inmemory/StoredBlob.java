// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.List;
import reactor.core.publisher.Flux;

/** A blob, immutable, in the pieces in which it came. */
final class StoredBlob {

    /** The most that a reader is handed at once. */
    private static final int MAX_SLICE = 1 << 20;

    private final BlobInfo info;
    private final List<byte[]> pieces;

    StoredBlob(BlobInfo info, List<byte[]> pieces) {
        this.info = info;
        this.pieces = List.copyOf(pieces);
    }

    BlobInfo info() {
        return info;
    }

    /** Read-only slices, each cut when it is asked for. */
    Flux<ByteBuffer> read(long first, long length) {
        return Flux.generate(() -> new Cursor(first, length), (cursor, sink) -> {
            if (cursor.left == 0) {
                sink.complete();
            } else {
                sink.next(cursor.next());
            }
            return cursor;
        });
    }

    private final class Cursor {
        private int piece;
        private int offset;
        private long left;

        Cursor(long first, long length) {
            long skip = first;
            while (skip > 0 && skip >= pieces.get(piece).length) {
                skip -= pieces.get(piece++).length;
            }
            this.offset = (int) skip;
            this.left = length;
        }

        ByteBuffer next() {
            byte[] bytes = pieces.get(piece);
            int size = (int) Math.min(left, Math.min(MAX_SLICE, bytes.length - offset));
            ByteBuffer slice = ByteBuffer.wrap(bytes, offset, size).slice().asReadOnlyBuffer();
            left -= size;
            offset += size;
            if (offset == bytes.length) {
                piece++;
                offset = 0;
            }
            return slice;
        }
    }
}
