// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowWrite;
import reactor.core.publisher.Mono;

/**
 * R3: a put of a large object. The upload overlaps the read of the row and the append of the entry; the blob becomes
 * visible when both are done, and the object when the row points to it.
 */
final class LargeWrite {

    private final Tiers tiers;
    private final Operations operations;
    private final Replacement replacement;

    LargeWrite(Tiers tiers, Operations operations) {
        this.tiers = tiers;
        this.operations = operations;
        this.replacement = new Replacement(tiers);
    }

    Mono<Answer<ObjectInfo>> put(
            Replaced replaced, ObjectMetadata metadata, Deadline deadline, Payload body, CommitPoint point) {
        Condition condition = replaced.condition();
        BlobId blob = new BlobId(condition.object(), tiers.runtime().newUuid());
        RowHead known = replaced.row();
        Mono<RowHead> head = known == null ? tiers.head(condition.object()) : Mono.just(known);
        Recording recording = new Recording(tiers, operations, replacement, blob, head);
        if (!point.undoWith(recording::undo)) {
            return Mono.empty();
        }
        Mono<BlobInfo> upload = tiers.blobs().put(blob, metadata, body, recording::gate);
        return Mono.zip(recording.recorded(), upload).materialize().flatMap(signal -> {
            var ready = signal.get();
            if (ready != null) {
                return point.pass()
                        ? commit(condition, metadata.sized(ready.getT2().size()), deadline, blob, ready.getT1())
                        : Mono.empty();
            }
            Throwable error = signal.getThrowable();
            return error == null
                    ? Mono.empty()
                    : Mono.just(Answer.failed(NothingStored.because(error), recording.undo()));
        });
    }

    private Mono<Answer<ObjectInfo>> commit(
            Condition condition, ObjectMetadata metadata, Deadline deadline, BlobId blob, Change change) {
        return replacement
                .replace(
                        change,
                        condition,
                        w -> new RowWrite.Tombstone(w, blob, metadata, deadline),
                        w -> new ObjectInfo(condition.object(), metadata, w.toString()))
                // Past the commit point nobody cancels but the deadline of what goes on behind the answer.
                .doOnCancel(() -> operations.leave(change.entry()));
    }
}
