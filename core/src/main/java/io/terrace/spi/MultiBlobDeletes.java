// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Facet of a {@link LongTermBackend} that deletes many blobs in one request. */
public interface MultiBlobDeletes {

    /** How many ids one call takes at most; at least 2. Always the same. */
    int maxBlobs();

    /**
     * Deletes blobs, each as {@link LongTermBackend#delete} would. (LT-7)
     *
     * <p>Absent: success; no ids are success too. Exists: gone when answered, unless the answer names it. Atomic: no, some may
     * be gone before others. Idempotent: yes, and free to be repeated by any layer. On cancel, on error: any of them may or may
     * not be gone. Threads: any. Signals: {@link io.terrace.TransientException} and {@link io.terrace.PermissionDeniedException}
     * if they are about all, {@link IllegalArgumentException} for more ids than {@link #maxBlobs()}, before anything is deleted.
     *
     * @param ids which blobs; not changed by anybody until the answer has come
     * @return those that could not be deleted, or may not have been, and why: what a delete of that one would have signalled.
     *     Empty if all are gone
     */
    Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids);
}
