// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.RowHead;
import io.terrace.spi.UploadRecord;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * R10: ends an upload that is not to be completed: its client aborts it, or it is too old. One whose complete has begun is
 * undone only if that did not take effect. Any number of these may run at once for one upload, and race its complete.
 */
final class EndUpload {

    private static final int ATTEMPTS = 8;

    /** How it ended. */
    enum End {
        /** It had been the object's value before it could be ended, as far as anybody can see. */
        COMMITTED,
        /** It is not the object's value and never will be. */
        DEAD
    }

    private final Tiers tiers;
    private final Fence fence;
    private final Release release;
    private final SettleUpload settle;

    EndUpload(Tiers tiers) {
        this.tiers = tiers;
        this.fence = new Fence(tiers);
        this.release = new Release(tiers);
        this.settle = new SettleUpload(tiers);
    }

    /** Fails, and leaves the record as far as it is, if it cannot decide. May be repeated freely. */
    Mono<End> end(MultipartUploads store, UploadRecord found) {
        return end(store, found, 1);
    }

    private Mono<End> end(MultipartUploads store, UploadRecord found, int number) {
        if (number > ATTEMPTS) {
            return Mono.error(new BackendUnavailableException(
                    tiers.log().name(),
                    "The record of the " + found.session() + " changed in each of " + ATTEMPTS
                            + " attempts to end it. Try again.",
                    Determinacy.UNKNOWN));
        }
        long now = tiers.runtime().nowMicros();
        return switch (found.state()) {
            case COMMITTED -> Mono.just(End.COMMITTED);
            case DEAD -> Mono.just(End.DEAD);
            case DYING -> undo(store, found);
            case OPEN ->
                replace(found, found.dead(now))
                        .flatMap(ours -> ours
                                ? tiers.blobRetries()
                                        .of(store.abort(found.session()))
                                        .thenReturn(End.DEAD)
                                : again(store, found, number));
            case COMPLETING -> {
                UploadRecord dying = found.dying(now);
                yield replace(found, dying).flatMap(ours -> ours ? undo(store, dying) : again(store, found, number));
            }
        };
    }

    /** From here on no complete sends a compare-and-set against a row that it read later; the fence stops the others. */
    private Mono<End> undo(MultipartUploads store, UploadRecord dying) {
        boolean never = !tiers.rules().obey(Rule.ABORT_FENCE);
        return fence.read(dying.object(), row -> never || mayBeCommitted(dying, row))
                .flatMap(fenced -> {
                    if (isBarred(dying, fenced.row())) {
                        return settle.bar(store, dying).thenReturn(End.DEAD);
                    }
                    if (mayBeCommitted(dying, fenced.row())) {
                        return settle.settle(store, dying).thenReturn(End.COMMITTED);
                    }
                    // The session first: no late request can make the blob once it is gone.
                    return tiers.blobRetries()
                            .of(store.abort(dying.session()))
                            .then(Mono.defer(() -> release.delete(List.of(dying.blob()))))
                            .then(Mono.defer(() ->
                                    replace(dying, dying.dead(tiers.runtime().nowMicros()))))
                            .flatMap(ours -> ours ? Mono.just(End.DEAD) : endedByAnother(dying));
                });
    }

    private static boolean mayBeCommitted(UploadRecord dying, RowHead row) {
        // R5.5: a row that has vanished since, and perhaps was fenced then, proves nothing.
        boolean vanished = row.writeId().isNone() && !dying.base().isNone();
        return dying.blob().equals(row.target()) || (!vanished && !row.writeId().equals(dying.base()));
    }

    /** R14: just before a conditional write the upload cannot have been committed, and earlier nobody was told so. */
    private static boolean isBarred(UploadRecord dying, RowHead row) {
        return !dying.blob().equals(row.target())
                && row.writeId().isConditional()
                && !row.writeId().equals(dying.base());
    }

    private Mono<End> endedByAnother(UploadRecord dying) {
        return tiers.logRetries()
                .of(tiers.log().uploads().get(dying.id()))
                .map(record -> record.state() == UploadRecord.State.COMMITTED ? End.COMMITTED : End.DEAD)
                .defaultIfEmpty(End.DEAD);
    }

    private Mono<End> again(MultipartUploads store, UploadRecord found, int number) {
        return tiers.logRetries()
                .of(tiers.log().uploads().get(found.id()))
                .flatMap(record -> end(store, record, number + 1))
                .defaultIfEmpty(End.DEAD);
    }

    private Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
        return tiers.logRetries().of(tiers.log().uploads().replace(expected, next));
    }
}
