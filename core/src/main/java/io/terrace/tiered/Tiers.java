// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.Retries;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import reactor.core.publisher.Mono;

/** What every step of the protocol works on. Each tier has a budget of retries of its own; blobs are deleted only by {@code deletes}. */
record Tiers(
        HighVolumeBackend rows,
        LongTermBackend blobs,
        ChangeLog log,
        TerraceRuntime runtime,
        Settings settings,
        Rules rules,
        Retries rowRetries,
        Retries blobRetries,
        Retries logRetries,
        BlobDeletes deletes) {

    Tiers(
            HighVolumeBackend rows,
            LongTermBackend blobs,
            ChangeLog log,
            TerraceRuntime runtime,
            Settings settings,
            Rules rules) {
        this(rows, blobs, log, runtime, settings, rules, new Retries(runtime));
    }

    private Tiers(
            HighVolumeBackend rows,
            LongTermBackend blobs,
            ChangeLog log,
            TerraceRuntime runtime,
            Settings settings,
            Rules rules,
            Retries blobRetries) {
        this(
                rows,
                blobs,
                log,
                runtime,
                settings,
                rules,
                new Retries(runtime),
                blobRetries,
                new Retries(runtime),
                new BlobDeletes(blobs, blobRetries, runtime));
    }

    /** The head of a row, {@link RowHead#ABSENT} if there is none: the protocol treats "no row" as a state of the row. */
    Mono<RowHead> head(ObjectId id) {
        return rows.read(id, RowProjection.HEAD).map(Row::head).defaultIfEmpty(RowHead.ABSENT);
    }
}
