// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.Precondition;
import io.terrace.TerraceException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * R2: a put of a small object, and a delete. One blind call unless a tombstone is in the way; then its blob is about to
 * become garbage, so the change is recorded and committed by compare-and-set. A conditional one is a compare-and-set from
 * the start.
 */
final class SmallWrite {

    private final Tiers tiers;
    private final Operations operations;
    private final Replacement replacement;

    SmallWrite(Tiers tiers, Operations operations) {
        this.tiers = tiers;
        this.operations = operations;
        this.replacement = new Replacement(tiers);
    }

    Mono<Answer<ObjectInfo>> put(Replaced replaced, InlineObject object, CommitPoint point) {
        ObjectId id = replaced.object();
        return write(
                replaced,
                point,
                w -> tiers.rows().putUnlessTombstone(id, w, object),
                w -> new RowWrite.Inline(w, object),
                w -> new ObjectInfo(id, object.metadata(), w.toString()));
    }

    Mono<Answer<Void>> delete(ObjectId id, Precondition required, CommitPoint point) {
        return Replaced.check(tiers, id, required)
                .flatMap(replaced -> isNothing(replaced.row())
                        ? Mono.just(Answer.of(null, null))
                        : write(
                                replaced,
                                point,
                                w -> tiers.rows().deleteUnlessTombstone(id, w),
                                RowWrite.Marker::new,
                                w -> null));
    }

    private static boolean isNothing(@Nullable RowHead row) {
        return row != null && row.metadata() == null;
    }

    private <T> Mono<Answer<T>> write(
            Replaced replaced,
            CommitPoint point,
            Function<WriteId, Mono<BlindOutcome>> blind,
            Function<WriteId, RowWrite> write,
            Function<WriteId, @Nullable T> result) {
        if (!point.pass()) {
            return Mono.empty();
        }
        RowHead row = replaced.row();
        if (row != null) {
            // R14: a blind call asks for nothing, so a conditional write is a compare-and-set from the start.
            return row.kind() == RowKind.TOMBSTONE
                    ? overTombstone(row, replaced.condition(), write, result)
                    : replacement.replaceUnrecorded(
                            change(row, replaced.condition()), replaced.condition(), write, result);
        }
        WriteId w = tiers.runtime().newWriteId();
        return once(blind.apply(w))
                .flatMap(outcome -> outcome.fold(
                        done -> Mono.just(Answer.of(result.apply(w), null)),
                        refused -> overTombstone(refused.head(), replaced.condition(), write, result)));
    }

    /** R1: never repeated. A late second application would undo an acknowledged newer write. */
    private Mono<BlindOutcome> once(Mono<BlindOutcome> blind) {
        return tiers.rules().obey(Rule.BLIND_ONCE) ? blind : blind.onErrorResume(SmallWrite::isUnknown, lost -> blind);
    }

    private static boolean isUnknown(Throwable error) {
        return error instanceof TerraceException known && known.determinacy() == Determinacy.UNKNOWN;
    }

    private <T> Mono<Answer<T>> overTombstone(
            RowHead tombstone,
            Condition condition,
            Function<WriteId, RowWrite> write,
            Function<WriteId, @Nullable T> result) {
        Change change = change(tombstone, condition);
        operations.own(change.entry());
        return tiers.logRetries()
                .of(tiers.log().append(change.toEntry()))
                .then(Mono.defer(() -> replacement.replace(change, condition, write, result)))
                .onErrorResume(error -> Mono.just(Answer.failed(
                        NothingStored.because(error),
                        new Aftermath(change.entry(), "undo of a failed write", replacement.undo(change)))))
                // Past the commit point nobody cancels but the deadline of what goes on behind the answer.
                .doOnCancel(() -> operations.leave(change.entry()));
    }

    private Change change(RowHead base, Condition condition) {
        EntryId entry = new EntryId(tiers.runtime().newUuid());
        return new Change(entry, condition.object(), null, base, tiers.runtime().monotonicNanos());
    }
}
