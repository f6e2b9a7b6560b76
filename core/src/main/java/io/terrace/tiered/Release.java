// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.EntryId;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * R9: deletes blobs that may once have been committed, unless something is pinned. Called after the compare-and-set that
 * replaced them, so that whoever saw one as a target has set its pin before the pins are looked at here.
 */
final class Release {

    private final Tiers tiers;

    Release(Tiers tiers) {
        this.tiers = tiers;
    }

    /**
     * Deletes the blobs and answers true, or keeps them for a pin and answers false.
     *
     * @param entry the entry that remembers a deferral; {@code null} for a sweeper, whose next pass does
     */
    Mono<Boolean> release(@Nullable EntryId entry, List<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return Mono.just(true);
        }
        if (!tiers.settings().pins()) {
            return deleteAfterGrace(blobs).thenReturn(true);
        }
        return pinned().flatMap(pinned -> {
            if (!pinned) {
                return deleteAfterGrace(blobs).thenReturn(true);
            }
            return entry == null ? Mono.just(false) : defer(entry, blobs);
        });
    }

    private Mono<Boolean> defer(EntryId entry, List<BlobId> blobs) {
        Mono<Void> deferred = tiers.logRetries().of(tiers.log().defer(entry, blobs));
        if (!tiers.rules().obey(Rule.PIN_RECHECK)) {
            return deferred.thenReturn(false);
        }
        // The pin may have gone, and its deferred entries been drained, before ours was there to be found.
        return deferred.then(Mono.defer(this::pinned))
                .flatMap(still ->
                        still ? Mono.just(false) : deleteAfterGrace(blobs).thenReturn(true));
    }

    Mono<Boolean> pinned() {
        return tiers.logRetries().of(tiers.log().pins().any());
    }

    private Mono<Void> deleteAfterGrace(List<BlobId> blobs) {
        Mono<Void> delete = delete(blobs);
        return tiers.settings().deletionGrace().isZero()
                ? delete
                : Mono.delay(tiers.settings().deletionGrace(), tiers.runtime().timers())
                        .then(delete);
    }

    /** Deletes blobs that were never committed, or whose pins were looked at. One that cannot be deleted stops no other. */
    Mono<Void> delete(List<BlobId> blobs) {
        return blobs.size() == 1
                ? tiers.deletes().delete(blobs.get(0))
                : Flux.fromIterable(blobs)
                        .flatMapDelayError(tiers.deletes()::delete, Settings.MAINTENANCE_CONCURRENCY, 1)
                        .then();
    }
}
