// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import java.util.Collection;
import reactor.core.publisher.Flux;

/** Facet of a {@link HighVolumeBackend} that reads many rows in one request. */
public interface MultiRowReads {

    /** How many ids one call takes at most; at least 2. Always the same. */
    int maxRows();

    /**
     * Reads the rows of these objects, each as {@link HighVolumeBackend#read} would. (HV-9)
     *
     * <p>Absent: left out; with no ids, or none that exists, it completes empty. Exists: the row once, however often its id is
     * named, in any order; markers, expired and dead rows like all others. Atomic: each row is of one single write, seen at
     * some moment of the call; rows may be of different moments. Idempotent: yes. On cancel: nothing remains. On error: one for
     * all; the rows that came are right, nothing remains. Demand: emits no more than was asked for, and what is held for later
     * is bounded by a few rows. Threads: any. Signals: {@link io.terrace.TransientException},
     * {@link io.terrace.IntegrityException} if one of the rows cannot be decoded, {@link IllegalArgumentException} for more
     * ids than {@link #maxRows()}, before anything is read.
     *
     * @param ids whose rows; not changed by anybody until the answer has ended
     */
    Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection);

    /**
     * A row and whose it is.
     *
     * @param id the object
     * @param row the row, with as much of it as was asked for
     */
    record FoundRow(ObjectId id, Row row) {}
}
