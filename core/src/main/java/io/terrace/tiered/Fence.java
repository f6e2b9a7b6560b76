// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TerraceException;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Retries;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Bumps a row, so that no compare-and-set that is still in flight against its present version can ever land; unless the
 * row turns out to be one that needs no fence.
 */
final class Fence {

    private final Tiers tiers;

    Fence(Tiers tiers) {
        this.tiers = tiers;
    }

    /**
     * What the fence left.
     *
     * @param row the row; after a bump, as it was before, but for the version
     * @param bumped whether it was bumped, or needed no fence
     */
    record Fenced(RowHead row, boolean bumped) {}

    /** Reads the row, then as {@link #from}. */
    Mono<Fenced> read(ObjectId object, Predicate<RowHead> needsNone) {
        return again(object, needsNone, 1);
    }

    /** Fences the row that was just read. Fails, not applied as far as anybody can see, if it does not succeed. */
    Mono<Fenced> from(ObjectId object, RowHead row, Predicate<RowHead> needsNone) {
        return attempt(object, row, needsNone, 1);
    }

    private Mono<Fenced> again(ObjectId object, Predicate<RowHead> needsNone, int number) {
        return tiers.rowRetries().of(tiers.head(object)).flatMap(row -> attempt(object, row, needsNone, number));
    }

    private Mono<Fenced> attempt(ObjectId object, RowHead row, Predicate<RowHead> needsNone, int number) {
        if (needsNone.test(row)) {
            return Mono.just(new Fenced(row, false));
        }
        if (number > Settings.FENCE_ATTEMPTS) {
            return Mono.error(new BackendUnavailableException(
                    tiers.rows().name(),
                    "The row of '" + object.storagePath() + "' changed under each of " + Settings.FENCE_ATTEMPTS
                            + " fences. What remains is resolved by the next recovery.",
                    Determinacy.NOT_APPLIED));
        }
        if (number == 1) {
            tiers.rowRetries().begin();
        }
        return tiers.rows()
                .bump(object, row, RowChange.fence(randomBump()))
                .materialize()
                .flatMap(signal -> {
                    Throwable error = signal.getThrowable();
                    if (error != null) {
                        return afterError(object, row, needsNone, number, error);
                    }
                    CasOutcome outcome = signal.get();
                    return outcome == null
                            ? Mono.empty()
                            : outcome.fold(
                                    applied -> Mono.just(new Fenced(row, true)),
                                    refused -> refused.observed() == null
                                            ? again(object, needsNone, number + 1)
                                            : attempt(object, refused.observed(), needsNone, number + 1));
                });
    }

    private Mono<Fenced> afterError(
            ObjectId object, RowHead row, Predicate<RowHead> needsNone, int number, Throwable error) {
        if (!Retries.mayPass(error) || !tiers.rowRetries().mayRepeat()) {
            return Mono.error(error);
        }
        // A fence whose answer was lost may have changed the version that the next one must expect.
        boolean sameRow = ((TerraceException) error).determinacy() == Determinacy.NOT_APPLIED;
        return tiers.rowRetries()
                .pause(number)
                .then(Mono.defer(() ->
                        sameRow ? attempt(object, row, needsNone, number + 1) : again(object, needsNone, number + 1)));
    }

    /** Not zero: that is the version of a row that does not exist. 62 bits, so that it is never met again. */
    private long randomBump() {
        return (tiers.runtime().randomLong() >>> 2) | 1;
    }
}
