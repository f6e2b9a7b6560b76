// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import java.util.Comparator;
import reactor.core.publisher.Flux;

/** Facet of a {@link HighVolumeBackend} that can enumerate its rows, in order and from any point on. */
public interface RowListing {

    /**
     * The order of a scan: storage paths by their bytes in UTF-8, unsigned. That is the order of stores whose keys are
     * bytes. It is not that of {@link String#compareTo}, where U+1F600 comes before U+FF5E; a store that sorts strings sorts
     * them by this.
     */
    Comparator<String> ORDER = new Utf8Order();

    /**
     * The rows whose object's {@linkplain ObjectId#storagePath() storage path} begins with the prefix and comes after the
     * given one, in {@link #ORDER}. (HV-7)
     *
     * <p>The prefix may end within a segment; the empty prefix means all. The start itself is left out, and need not be the
     * path of a row, nor begin with the prefix; the empty text, which is no path, is before all of them. So a scan that ended
     * anywhere is taken up by another one that begins after its last row.
     *
     * <p>Absent: completes empty. Exists: markers, expired and dead rows are listed like all others. Atomic: no, this is no
     * snapshot. A row that exists during the whole scan is listed exactly once, in some version it had meanwhile; one that
     * comes or goes may or may not be listed. On cancel: nothing remains. On error: the rows that came are right, nothing
     * remains. Demand: no row is read more than 1000 rows before it is asked for, and what is held is bounded, however many
     * rows there are. Threads: any. Signals: {@link io.terrace.TransientException},
     * {@link io.terrace.IntegrityException} for a row that cannot be decoded.
     *
     * @param prefix how the paths begin; has no unpaired surrogate
     * @param after the path to begin after; has no unpaired surrogate
     */
    Flux<ListedRow> scan(String prefix, String after);

    /**
     * A row and whose it is.
     *
     * @param id the object
     * @param head the row without its payload
     */
    record ListedRow(ObjectId id, RowHead head) {}
}
