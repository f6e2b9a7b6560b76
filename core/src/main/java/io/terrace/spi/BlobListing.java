// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import reactor.core.publisher.Flux;

/** Facet of a {@link LongTermBackend} that can enumerate its blobs; needed to find blobs that nothing refers to. */
public interface BlobListing {

    /**
     * All blobs whose {@linkplain ObjectId#storagePath() object path} begins with the prefix; the empty prefix means all.
     * A blob that exists during the whole listing is listed exactly once; one that comes or goes may or may not be. Any
     * order. Read by demand, in pages. What is in the store and is not a blob of ours is skipped.
     *
     * <p>Ids only: they are all that every store lists by the page. Whoever needs more asks for it with
     * {@link LongTermBackend#head}.
     */
    Flux<BlobId> list(String prefix);
}
