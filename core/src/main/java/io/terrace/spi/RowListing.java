// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import reactor.core.publisher.Flux;

/** Facet of a {@link HighVolumeBackend} that can enumerate its rows. */
public interface RowListing {

    /**
     * All rows whose object's {@linkplain ObjectId#storagePath() storage path} begins with the prefix; the empty prefix
     * means all. Markers, expired and dead rows are included. A row that exists during the whole scan is listed exactly
     * once, in some version it had meanwhile. Any order. Read by demand, in pages.
     */
    Flux<ListedRow> scan(String prefix);

    /**
     * A row and whose it is.
     *
     * @param id the object
     * @param head the row without its payload
     */
    record ListedRow(ObjectId id, RowHead head) {}
}
