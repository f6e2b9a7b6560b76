// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.BlobId;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The visible blobs by storage path. */
final class BlobTable {

    private final ConcurrentNavigableMap<String, StoredBlob> blobs = new ConcurrentSkipListMap<>();
    private final Capacity capacity;
    private final SessionTable sessions;

    BlobTable(long capacityBytes) {
        this.capacity = new Capacity("bytes", capacityBytes);
        this.sessions = new SessionTable(capacity);
    }

    /** What will be blobs when it is completed. */
    SessionTable sessions() {
        return sessions;
    }

    Capacity capacity() {
        return capacity;
    }

    @Nullable
    StoredBlob get(BlobId id) {
        return blobs.get(id.storagePath());
    }

    /** The blob that was there already, if one was: it stays (LT-1.3). */
    @Nullable
    StoredBlob putIfAbsent(StoredBlob blob) {
        return blobs.putIfAbsent(blob.info().id().storagePath(), blob);
    }

    void remove(BlobId id) {
        StoredBlob removed = blobs.remove(id.storagePath());
        if (removed != null) {
            capacity.take(-removed.info().size());
        }
    }

    /** Paths of one prefix lie side by side, but a prefix must not reach into the UUID. */
    Flux<BlobId> list(String prefix) {
        return Flux.fromIterable(blobs.tailMap(prefix).values())
                .map(blob -> blob.info().id())
                .takeWhile(id -> id.storagePath().startsWith(prefix))
                .filter(id -> id.object().storagePath().startsWith(prefix));
    }
}
