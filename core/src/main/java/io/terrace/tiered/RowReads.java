// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The row reads of gets and heads: those of bulk work are joined, if the tier can read many rows in one request. */
final class RowReads {

    private final HighVolumeBackend rows;
    private final @Nullable JoinedReads heads;
    private final @Nullable JoinedReads wholes;

    RowReads(Tiers tiers) {
        this.rows = tiers.rows();
        MultiRowReads many = rows.facet(MultiRowReads.class).orElse(null);
        this.heads = many == null ? null : new JoinedReads(rows, many, RowProjection.HEAD, tiers.runtime());
        this.wholes = many == null ? null : new JoinedReads(rows, many, RowProjection.FULL, tiers.runtime());
    }

    /** The row; empty if there is none. It is read after the subscription, and for one that is in bulk perhaps a while after. */
    Mono<Row> read(ObjectId id, RowProjection projection, boolean bulk) {
        JoinedReads joined = projection == RowProjection.HEAD ? heads : wholes;
        if (!bulk || joined == null) {
            return rows.read(id, projection);
        }
        // A row that cannot be decoded fails those that were read with it, but is nobody's loss but its own reader's.
        return joined.read(id).onErrorResume(IntegrityException.class, damaged -> rows.read(id, projection));
    }
}
