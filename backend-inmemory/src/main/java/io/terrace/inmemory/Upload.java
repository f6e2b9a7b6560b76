// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A blob, or a part of one, on its way in. A cancel may come from any thread while a buffer is added, hence the lock; whatever comes after it
 * has no effect.
 */
final class Upload {

    private final Capacity capacity;
    private final List<byte[]> pieces = new ArrayList<>();
    private long size;
    private boolean over;

    Upload(Capacity capacity) {
        this.capacity = capacity;
    }

    /** Copies: what {@link io.terrace.Payload#of} wraps is the caller's again once the put is answered (LT-1.3). */
    synchronized void add(ByteBuffer buffer) {
        if (over) {
            return;
        }
        int count = buffer.remaining();
        if (size + count > capacity.limit()) {
            throw new TooLargeException(
                    Held.NAME,
                    "The blob is larger than the whole in-memory store, which takes " + capacity.limit()
                            + " bytes. Raise its capacity.",
                    Determinacy.NOT_APPLIED);
        }
        capacity.reserve(count);
        byte[] piece = new byte[count];
        buffer.get(piece);
        pieces.add(piece);
        size += count;
    }

    /** Makes the blob visible, in one step (LT-1.1). */
    synchronized BlobInfo commitTo(BlobTable blobs, BlobId id, ObjectMetadata metadata) {
        BlobInfo info = new BlobInfo(id, size, metadata);
        if (over) {
            // Cancelled: nobody sees this answer, and nobody may see the blob.
            return info;
        }
        StoredBlob found = blobs.putIfAbsent(new StoredBlob(info, pieces));
        if (found != null) {
            return found.info();
        }
        over = true;
        return info;
    }

    /** Makes the bytes a part, in one step. */
    synchronized UploadedPart storeIn(Session session, UploadedPart part, long nowMicros) {
        if (!over) {
            session.put(new StoredPart(new PartInfo(part.number(), part.etag(), size, nowMicros), List.copyOf(pieces)));
            over = true;
        }
        return part;
    }

    /** Gives back what was not committed. */
    synchronized void release() {
        if (!over) {
            over = true;
            capacity.take(-size);
            pieces.clear();
        }
    }
}
