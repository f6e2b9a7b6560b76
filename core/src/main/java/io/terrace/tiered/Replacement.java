// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.spi.BlobId;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Commits a recorded change, tells the caller how it ended, and says what is to be done behind the answer. */
final class Replacement {

    private final Tiers tiers;
    private final Settle settle;
    private final Release release;

    Replacement(Tiers tiers) {
        this.tiers = tiers;
        this.settle = new Settle(tiers);
        this.release = new Release(tiers);
    }

    /**
     * Runs R5. Never fails.
     *
     * @param condition what must hold of the row that is replaced
     * @param result what the caller gets for the write id under which the value was written; may answer {@code null}
     */
    <T> Mono<Answer<T>> replace(
            Change change,
            Condition condition,
            Function<WriteId, RowWrite> write,
            Function<WriteId, @Nullable T> result) {
        Mono<Boolean> pinnedBefore =
                tiers.rules().obey(Rule.PIN_CHECK_AFTER_COMMIT) ? Mono.just(true) : release.pinned();
        return pinnedBefore.flatMap(pinned -> CommitLoop.run(tiers, change, condition, write)
                .map(outcome -> answer(
                        change,
                        outcome,
                        result,
                        new Aftermath(change.entry(), "cleanup behind a write", cleanUp(change, outcome, pinned)))));
    }

    /** As {@link #replace}, of a change that has no entry because it neither brings a blob nor replaces one. */
    <T> Mono<Answer<T>> replaceUnrecorded(
            Change change,
            Condition condition,
            Function<WriteId, RowWrite> write,
            Function<WriteId, @Nullable T> result) {
        return CommitLoop.run(tiers, change, condition, write).map(outcome -> answer(change, outcome, result, null));
    }

    private static <T> Answer<T> answer(
            Change change,
            CommitLoop.Outcome outcome,
            Function<WriteId, @Nullable T> result,
            @Nullable Aftermath aftermath) {
        return isSuccess(outcome)
                ? Answer.of(result.apply(outcome.written()), aftermath)
                : Answer.failed(error(change, outcome), aftermath);
    }

    /** Undoes a change of which no compare-and-set was ever sent. */
    Mono<Void> undo(Change change) {
        BlobId newBlob = change.newBlob();
        return thenRemove(change, newBlob == null ? Mono.empty() : release.delete(List.of(newBlob)));
    }

    private static boolean isSuccess(CommitLoop.Outcome outcome) {
        return outcome.end() == CommitLoop.End.COMMITTED || outcome.end() == CommitLoop.End.SUPERSEDED;
    }

    private static Throwable error(Change change, CommitLoop.Outcome outcome) {
        String what = "The write of '" + change.object().storagePath() + "'";
        if (outcome.ambiguous()) {
            return new OutcomeUnknownException("", what + " was sent, but not answered", outcome.cause());
        }
        if (outcome.end() == CommitLoop.End.CLAIMED) {
            return new BackendUnavailableException(
                    "",
                    what + " was taken for abandoned and undone by a recovery. Nothing was stored; write again.",
                    Determinacy.NOT_APPLIED);
        }
        return outcome.cause() == null ? new IllegalStateException(what + " failed without a cause") : outcome.cause();
    }

    private Mono<Void> cleanUp(Change change, CommitLoop.Outcome outcome, boolean pinCheck) {
        if (outcome.end() == CommitLoop.End.COMMITTED) {
            return releaseOld(change, pinCheck);
        }
        boolean overtaken = outcome.end() == CommitLoop.End.SUPERSEDED && !outcome.ambiguous();
        if (overtaken || outcome.end() == CommitLoop.End.DECLINED) {
            // What was replaced is the business of who replaced it, and in the entry or the hands of that one.
            return undo(change);
        }
        if (outcome.end() == CommitLoop.End.CLAIMED && !outcome.ambiguous()) {
            // The entry belongs to a resolver now. The blob is ours alone: it was never committed.
            return deleteNew(change);
        }
        return settle.settle(new Settle.Claim(
                        change.entry(), change.object(), change.newBlob(), outcome.base(), change.oldBlobs()))
                .then();
    }

    private Mono<Void> deleteNew(Change change) {
        BlobId newBlob = change.newBlob();
        return newBlob == null ? Mono.empty() : release.delete(List.of(newBlob));
    }

    private Mono<Void> releaseOld(Change change, boolean pinCheck) {
        if (!tiers.rules().obey(Rule.REMOVE_ENTRY_LAST)) {
            return tiers.log().remove(change.entry()).then(Mono.defer(() -> release.release(
                            change.entry(), change.oldBlobs())
                    .then()));
        }
        Mono<Boolean> released = pinCheck
                ? release.release(change.entry(), change.oldBlobs())
                : release.delete(change.oldBlobs()).thenReturn(true);
        return released.flatMap(gone -> gone ? removeEntry(change) : Mono.empty());
    }

    private Mono<Void> thenRemove(Change change, Mono<Void> deletions) {
        return tiers.rules().obey(Rule.REMOVE_ENTRY_LAST)
                ? deletions.then(Mono.defer(() -> removeEntry(change)))
                : removeEntry(change).then(deletions);
    }

    private Mono<Void> removeEntry(Change change) {
        return tiers.logRetries().of(tiers.log().remove(change.entry()));
    }
}
