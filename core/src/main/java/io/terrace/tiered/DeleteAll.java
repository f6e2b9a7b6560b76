// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BulkProgress;
import io.terrace.CallOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Precondition;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowListing.ListedRow;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes, one after another and a few at a time, the objects of a context. Each delete is one of its own. */
final class DeleteAll {

    private final Tiers tiers;
    private final Operations operations;
    private final SmallWrite deletes;

    DeleteAll(Tiers tiers, Operations operations, SmallWrite deletes) {
        this.tiers = tiers;
        this.operations = operations;
        this.deletes = deletes;
    }

    /** How one object ended. */
    private record Ended(ObjectId id, @Nullable Throwable error) {}

    Flux<BulkProgress> run(ObjectContext context) {
        return Flux.defer(() -> {
            Tally tally = new Tally();
            return Facets.require(tiers.rows(), RowListing.class, "deleteAll")
                    .scan(context.storagePath(), "")
                    // Expired and dead rows too: their blobs are freed by the delete. Of a marker there is nothing
                    // left.
                    .filter(row -> row.head().metadata() != null)
                    .map(ListedRow::id)
                    .flatMap(this::delete, Settings.MAINTENANCE_CONCURRENCY, 1)
                    .map(tally::count);
        });
    }

    private Mono<Ended> delete(ObjectId id) {
        return RunToCompletion.<Void>of(operations, 0, point -> deletes.delete(id, Precondition.none(), point))
                .contextWrite(CallOptions.asBulk())
                .then(Mono.fromSupplier(() -> new Ended(id, null)))
                .onErrorResume(error -> Mono.just(new Ended(id, error)));
    }

    /** Counts; called for one element at a time. */
    private static final class Tally {
        private long succeeded;
        private long failed;

        BulkProgress count(Ended ended) {
            if (ended.error() == null) {
                succeeded++;
            } else {
                failed++;
            }
            return new BulkProgress(ended.id(), ended.error(), succeeded, failed);
        }
    }
}
