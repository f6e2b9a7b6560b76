// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.TerraceException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * R2: a put of a small object, and a delete. One blind call unless a tombstone is in the way; then its blob is about to
 * become garbage, so the change is recorded and committed by compare-and-set.
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

    Mono<Answer<ObjectInfo>> put(ObjectId id, InlineObject object, CommitPoint point) {
        return write(
                id,
                point,
                w -> tiers.rows().putUnlessTombstone(id, w, object),
                w -> new RowWrite.Inline(w, object),
                w -> new ObjectInfo(id, object.metadata(), w.toString()));
    }

    Mono<Answer<Void>> delete(ObjectId id, CommitPoint point) {
        return write(id, point, w -> tiers.rows().deleteUnlessTombstone(id, w), RowWrite.Marker::new, w -> null);
    }

    private <T> Mono<Answer<T>> write(
            ObjectId id,
            CommitPoint point,
            Function<WriteId, Mono<BlindOutcome>> blind,
            Function<WriteId, RowWrite> write,
            Function<WriteId, @Nullable T> result) {
        if (!point.pass()) {
            return Mono.empty();
        }
        WriteId w = tiers.runtime().newWriteId();
        return once(blind.apply(w))
                .flatMap(outcome -> outcome.fold(
                        done -> Mono.just(Answer.of(result.apply(w), null)),
                        refused -> overTombstone(id, refused.head(), write, result)));
    }

    /** R1: never repeated. A late second application would undo an acknowledged newer write. */
    private Mono<BlindOutcome> once(Mono<BlindOutcome> blind) {
        return tiers.rules().obey(Rule.BLIND_ONCE) ? blind : blind.onErrorResume(SmallWrite::isUnknown, lost -> blind);
    }

    private static boolean isUnknown(Throwable error) {
        return error instanceof TerraceException known && known.determinacy() == Determinacy.UNKNOWN;
    }

    private <T> Mono<Answer<T>> overTombstone(
            ObjectId id, RowHead tombstone, Function<WriteId, RowWrite> write, Function<WriteId, @Nullable T> result) {
        EntryId entry = new EntryId(tiers.runtime().newUuid());
        Change change = new Change(entry, id, null, tombstone, tiers.runtime().monotonicNanos());
        operations.own(entry);
        return tiers.retries()
                .of(tiers.log().append(change.toEntry()))
                .then(Mono.defer(() -> replacement.replace(change, write, result)))
                .onErrorResume(error -> Mono.just(Answer.failed(
                        NothingStored.because(error),
                        new Aftermath(entry, "undo of a failed write", replacement.undo(change)))));
    }
}
