// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.EntryId;
import io.terrace.spi.RowHead;
import io.terrace.tiered.Rules.Rule;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * R3a and R3b of a large write: reads the row, then makes the entry durable, while the upload is under way. Runs once,
 * for all who wait for it, and is not interrupted: an append that was sent has to be waited for before it can be undone.
 */
final class Recording {

    private enum Stage {
        READING,
        APPENDING,
        ABANDONED
    }

    private final Tiers tiers;
    private final Operations operations;
    private final Replacement replacement;
    private final BlobId blob;
    private final Mono<RowHead> head;
    private final EntryId entry;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.READING);
    private final Mono<Change> recorded;

    /** @param head reads the row; once */
    Recording(Tiers tiers, Operations operations, Replacement replacement, BlobId blob, Mono<RowHead> head) {
        this.tiers = tiers;
        this.operations = operations;
        this.replacement = replacement;
        this.blob = blob;
        this.head = head;
        this.entry = EntryId.of(blob);
        this.recorded = record().cache();
    }

    /** The change, once its entry is durable. Completes empty if it was {@linkplain #undo abandoned} before. */
    Mono<Change> recorded() {
        return recorded;
    }

    /** R3b: the blob must not be visible before its entry is durable. */
    Mono<Void> gate() {
        return tiers.rules().obey(Rule.RECORD_BEFORE_VISIBLE) ? recorded.then() : Mono.empty();
    }

    /** Makes sure that neither entry nor blob remains. Answers {@code null} if no entry was sent, and none will be. */
    @Nullable
    Aftermath undo() {
        if (stage.compareAndSet(Stage.READING, Stage.ABANDONED)) {
            return null;
        }
        Change change = changeOf(RowHead.ABSENT);
        return new Aftermath(
                entry,
                "undo of a failed write",
                recorded.then().onErrorComplete().then(Mono.defer(() -> replacement.undo(change))));
    }

    private Mono<Change> record() {
        return tiers.rules().obey(Rule.READ_BEFORE_RECORD)
                ? head.flatMap(base -> append(changeOf(base)))
                : append(changeOf(RowHead.ABSENT)).then(head).map(this::changeOf);
    }

    private Change changeOf(RowHead base) {
        return new Change(entry, blob.object(), blob, base, tiers.runtime().monotonicNanos());
    }

    private Mono<Change> append(Change change) {
        if (!stage.compareAndSet(Stage.READING, Stage.APPENDING)) {
            return Mono.empty();
        }
        operations.own(entry);
        return tiers.logRetries().of(tiers.log().append(change.toEntry())).thenReturn(change);
    }
}
