// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.TerraceException;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * R5: puts a new value in the place of a row by compare-and-set, and finds out what became of it. One instance is one
 * run. It never fails: what went wrong is an outcome.
 */
final class CommitLoop {

    /** How a run ended. */
    enum End {
        /** A compare-and-set of ours was applied. */
        COMMITTED,
        /** Some value was written after the base was read; ours took effect just before it, as far as anyone can see. */
        SUPERSEDED,
        /** A conditional write was first, which rules out that ours took effect just before it. */
        BARRED,
        /** A resolver has taken the entry over and may undo the change. */
        CLAIMED,
        /** The row is not, or not surely, as the caller required. Nothing of ours was written, or ever will be. */
        DECLINED,
        /** Nothing is known to have been written. */
        FAILED
    }

    /**
     * The result of a run.
     *
     * @param ambiguous a compare-and-set went unanswered, so it may have been applied, or may still be
     * @param base the write id that the change is based on, which R5.5 may have changed
     * @param written the write id under which the value was last sent
     * @param cause why it failed
     */
    record Outcome(
            End end,
            boolean ambiguous,
            WriteId base,
            WriteId written,
            @Nullable Throwable cause) {}

    private final Tiers tiers;
    private final Change change;
    private final Hold hold;
    private final Condition condition;
    private final Function<WriteId, RowWrite> write;
    private final Fence fence;
    private final long startedNanos;
    private final long startedMicros;

    // One step runs at a time, each after the signal of the one before, so these need no synchronization.
    private WriteId base;
    private @Nullable RowVersion unclaimedAt;
    private WriteId written = WriteId.NONE;
    private boolean ambiguous;
    private boolean othersMaySend;
    private @Nullable Throwable obstacle;
    private @Nullable Throwable cause;

    private CommitLoop(Tiers tiers, Change change, Hold hold, Condition condition, Function<WriteId, RowWrite> write) {
        this.tiers = tiers;
        this.change = change;
        this.hold = hold;
        this.condition = condition;
        this.write = write;
        this.fence = new Fence(tiers);
        this.startedNanos = tiers.runtime().monotonicNanos();
        this.startedMicros = tiers.runtime().nowMicros();
        this.base = change.base().writeId();
        // R7: the entry was appended after this version was read, so whoever claims it bumps the row first. Only an
        // entry
        // that is so old that the bump may have been collected again (R13) is looked at before the first attempt.
        boolean young = startedNanos - change.recordedAtNanos()
                < tiers.settings().maxChangeAge().toNanos();
        this.unclaimedAt = young ? change.base().version() : null;
    }

    /**
     * @param condition what must hold of the row that is replaced; it held of the base
     * @param write makes the write for a fresh write id; the same value each time
     */
    static Mono<Outcome> run(Tiers tiers, Change change, Condition condition, Function<WriteId, RowWrite> write) {
        Hold hold = new EntryHold(tiers, change.entry());
        return Mono.defer(() -> new CommitLoop(tiers, change, hold, condition, write).attempt(change.base(), 1));
    }

    /**
     * R10: the run of one of several attempts that may be at work on a change at once, or one after the other, each having
     * read the row for itself.
     *
     * @param change its base is the row that this attempt has read
     * @param recordedBase the write id of the row that the first attempt started from
     * @param obstacle why this attempt must not send anything, and only looks what became of the others; {@code null} if it
     *     may
     */
    static Mono<Outcome> runShared(
            Tiers tiers,
            Change change,
            Hold hold,
            WriteId recordedBase,
            @Nullable Throwable obstacle,
            Function<WriteId, RowWrite> write) {
        return Mono.defer(() -> {
            Condition none = new Condition(change.object(), Precondition.none());
            CommitLoop loop = new CommitLoop(tiers, change, hold, none, write);
            loop.obstacle = obstacle;
            return loop.join(recordedBase);
        });
    }

    /** The row may have been read before the first attempt read it: unless it is the same one, it is read again. */
    private Mono<Outcome> join(WriteId recordedBase) {
        boolean sameRow = base.equals(recordedBase);
        base = recordedBase;
        othersMaySend = true;
        if (sameRow && obstacle == null) {
            return attempt(change.base(), 1);
        }
        unclaimedAt = null;
        return sameRow || tiers.rules().obey(Rule.TAKE_OVER_REREADS)
                ? readAgain(change.base(), 1)
                : observe(change.base(), change.base(), 1);
    }

    /** R5.4: a version other than the one of R3a may be the work of a resolver. */
    private Mono<Outcome> attempt(RowHead row, int number) {
        if (number > Settings.COMMIT_ATTEMPTS) {
            return ended(End.FAILED);
        }
        if (row.version().equals(unclaimedAt)) {
            return send(row, number);
        }
        return hold.isHeld()
                .materialize()
                .flatMap(held -> whenKnown(held, is -> is ? send(row, number) : ended(End.CLAIMED)));
    }

    /** R5.1 */
    private Mono<Outcome> send(RowHead row, int number) {
        if (obstacle != null) {
            cause = obstacle;
            return ended(End.FAILED);
        }
        if (isLate()) {
            cause = new DeadlineExceededException(
                    "",
                    "The write of '" + change.object().storagePath() + "' was not done "
                            + tiers.settings().commitDeadline()
                            + " after its first attempt. Nothing was stored; write again.",
                    Determinacy.NOT_APPLIED,
                    cause);
            return ended(End.FAILED);
        }
        PreconditionFailedException expiredSince =
                condition.failureAt(row, tiers.runtime().nowMicros());
        if (expiredSince != null) {
            cause = expiredSince;
            return ended(End.DECLINED);
        }
        if (number == 1) {
            tiers.rowRetries().begin();
        }
        WriteId fresh = tiers.runtime().newWriteId();
        written = condition.isNone() ? fresh : fresh.conditional();
        return tiers.rows()
                .compareAndSet(change.object(), row.version(), write.apply(written))
                .materialize()
                .flatMap(signal -> answered(signal, row, number));
    }

    private Mono<Outcome> answered(Signal<CasOutcome> signal, RowHead row, int number) {
        CasOutcome outcome = signal.get();
        if (outcome != null) {
            return outcome.fold(applied -> ended(End.COMMITTED), refused -> {
                ambiguous |= refused.ambiguousAttempt();
                RowHead observed = refused.observed();
                return observed == null ? readAgain(row, number) : observe(observed, row, number);
            });
        }
        cause = signal.getThrowable();
        if (cause instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED) {
            return known.retryable() && tiers.rowRetries().mayRepeat()
                    ? tiers.rowRetries().pause(number).then(Mono.defer(() -> attempt(row, number + 1)))
                    : ended(End.FAILED);
        }
        ambiguous = true;
        return readAgain(row, number);
    }

    /** R5.2 */
    private Mono<Outcome> readAgain(RowHead previous, int number) {
        return tiers.rowRetries()
                .of(tiers.head(change.object()))
                .materialize()
                .flatMap(row -> whenKnown(row, seen -> observe(seen, previous, number)));
    }

    private Mono<Outcome> observe(RowHead seen, RowHead previous, int number) {
        Rules rules = tiers.rules();
        if (!condition.isNone() && rules.obey(Rule.CONDITION_ENDS_WITH_REFUSAL)) {
            return conclude(seen);
        }
        if (!rules.obey(Rule.REFUSAL_IS_LOOKED_INTO)) {
            return attempt(seen, number + 1);
        }
        if (isOurs(seen)) {
            written = seen.writeId();
            return ended(End.COMMITTED);
        }
        if (!rules.obey(Rule.WRITE_ID_DECIDES) && !seen.version().equals(previous.version())) {
            return ended(End.SUPERSEDED);
        }
        // Not only an absent row: whoever fenced it since has left a marker that has no write id either.
        if (seen.writeId().isNone() && !base.isNone() && rules.obey(Rule.REBASE_VANISHED)) {
            return rebase(seen, number);
        }
        if (seen.writeId().equals(base)) {
            return attempt(seen, number + 1);
        }
        if (seen.writeId().isConditional()) {
            return overtakenByCondition();
        }
        boolean mayLand = (ambiguous || othersMaySend) && base.isNone();
        return mayLand && rules.obey(Rule.BUMP_ABSENT) ? seal(seen) : ended(End.SUPERSEDED);
    }

    /**
     * R14: nothing can have been written between what a conditional write required and what it wrote, so this write cannot be
     * said to have taken effect there.
     */
    private Mono<Outcome> overtakenByCondition() {
        cause = new BackendUnavailableException(
                tiers.rows().name(),
                "The write of '" + change.object().storagePath()
                        + "' met with a conditional write of somebody else, which "
                        + "was first. Nothing was stored; write again.",
                Determinacy.NOT_APPLIED);
        return ended(End.BARRED);
    }

    /**
     * R14: what a conditional write makes of a refusal. It never counts as overtaken (R5.3), since what overtook it may not
     * have been there to be replaced, and is never tried again (R5.4).
     */
    private Mono<Outcome> conclude(RowHead seen) {
        if (isOurs(seen) || seen.writeId().equals(written)) {
            return ended(End.COMMITTED);
        }
        if (ambiguous) {
            return ended(End.FAILED);
        }
        PreconditionFailedException failure =
                condition.failureAt(seen, tiers.runtime().nowMicros());
        cause = failure != null
                ? failure
                : new BackendUnavailableException(
                        tiers.rows().name(),
                        "Somebody was at work on '" + change.object().storagePath()
                                + "' at the moment of a conditional write. Nothing was changed; try again.",
                        Determinacy.NOT_APPLIED);
        return ended(End.DECLINED);
    }

    /** R5.5: the row was collected. That proves nothing, so the change starts over from "absent", in the log as well. */
    private Mono<Outcome> rebase(RowHead vanished, int number) {
        return hold.rebase()
                .materialize()
                .flatMap(rebased -> whenKnown(rebased, held -> {
                    if (!held) {
                        return ended(End.CLAIMED);
                    }
                    base = WriteId.NONE;
                    unclaimedAt = RowVersion.ABSENT;
                    return attempt(vanished, number + 1);
                }));
    }

    /**
     * R5.3: a compare-and-set of this change that expects "absent" may be in flight. The row is bumped, so that it cannot become
     * absent again while that one lives.
     */
    private Mono<Outcome> seal(RowHead seen) {
        return fence.from(change.object(), seen, this::isOurs)
                .materialize()
                .flatMap(signal -> whenKnown(signal, fenced -> {
                    if (fenced.bumped()) {
                        return ended(End.SUPERSEDED);
                    }
                    written = fenced.row().writeId();
                    return ended(End.COMMITTED);
                }));
    }

    private <T> Mono<Outcome> whenKnown(Signal<T> signal, Function<T, Mono<Outcome>> next) {
        T value = signal.get();
        if (value != null) {
            return next.apply(value);
        }
        cause = signal.getThrowable();
        return ended(End.FAILED);
    }

    private Mono<Outcome> ended(End end) {
        if (end == End.FAILED && cause == null) {
            cause = new BackendUnavailableException(
                    tiers.rows().name(),
                    "The row of '" + change.object().storagePath() + "' was in use by others in each of "
                            + Settings.COMMIT_ATTEMPTS + " attempts. Nothing was stored; write again.",
                    Determinacy.NOT_APPLIED);
        }
        return Mono.just(new Outcome(end, ambiguous, base, written, cause));
    }

    private boolean isOurs(RowHead row) {
        return change.newBlob() != null && change.newBlob().equals(row.target());
    }

    /** R13, by both clocks: the wall may jump, and the monotonic one may stand still while a machine is suspended. */
    private boolean isLate() {
        long limitNanos = tiers.settings().commitDeadline().toNanos();
        return tiers.runtime().monotonicNanos() - startedNanos > limitNanos
                || (tiers.runtime().nowMicros() - startedMicros) * 1000 > limitNanos;
    }
}
