// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.PermanentException;
import io.terrace.TerraceException;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** R10, steps 4 to 6: makes the parts a blob, the blob the object's value, and what that replaced garbage. */
final class AssembleUpload {

    private final Tiers tiers;
    private final SettleUpload settle;
    private final EndUpload ends;

    AssembleUpload(Tiers tiers, EndUpload ends) {
        this.tiers = tiers;
        this.ends = ends;
        this.settle = new SettleUpload(tiers);
    }

    Mono<Answer<ObjectInfo>> assemble(MultipartUploads store, UploadAttempt attempt, List<UploadedPart> parts) {
        long startedNanos = tiers.runtime().monotonicNanos();
        UploadRecord record = attempt.record();
        return store.complete(record.session(), parts)
                .map(Optional::of)
                // Only a complete that was recorded uses a session up, and an abort comes after DYING: an earlier
                // attempt made the blob, or it is garbage by now, or the record is not this attempt's any more.
                .onErrorResume(UploadGoneException.class, gone -> tiers.blobRetries()
                        .of(tiers.blobs().head(record.blob()))
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty()))
                .materialize()
                .flatMap(signal -> {
                    Optional<BlobInfo> blob = signal.get();
                    Throwable error = signal.getThrowable();
                    if (blob != null) {
                        return commit(store, attempt, blob.orElse(null), startedNanos);
                    }
                    return error == null ? Mono.empty() : failed(attempt, error);
                });
    }

    /** Of a definite error that will not pass, the attempt is taken back, if it is the only one there was. */
    private Mono<Answer<ObjectInfo>> failed(UploadAttempt attempt, Throwable error) {
        boolean definite = error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED;
        if (!attempt.first()) {
            return Mono.error(
                    definite && error instanceof PermanentException
                            ? error
                            : UploadErrors.unknown(
                                    error, "complete", attempt.record().object()));
        }
        if (!definite || !(error instanceof PermanentException)) {
            return Mono.error(NothingStored.because(error));
        }
        UploadRecord mine = attempt.record();
        return tiers.logRetries()
                .of(tiers.log()
                        .uploads()
                        .replace(mine, mine.reopened(tiers.runtime().nowMicros())))
                .onErrorReturn(false)
                .then(Mono.error(error));
    }

    private Mono<Answer<ObjectInfo>> commit(
            MultipartUploads store, UploadAttempt attempt, @Nullable BlobInfo blob, long startedNanos) {
        UploadRecord record = attempt.record();
        UploadHold hold = new UploadHold(tiers, record);
        UploadedObject object = UploadedObject.of(record, blob);
        Change change = new Change(
                record.id(),
                record.object(),
                record.blob(),
                attempt.row(),
                tiers.runtime().monotonicNanos());
        return CommitLoop.runShared(
                        tiers, change, hold, record.base(), obstacle(attempt, blob, startedNanos), w -> object.row())
                .map(outcome -> switch (outcome.end()) {
                    case COMMITTED, SUPERSEDED -> Answer.of(object.info(), behind(store, hold.record()));
                    case BARRED -> Answer.failed(error(attempt, outcome), barred(store, hold.record()));
                    case CLAIMED, DECLINED, FAILED -> Answer.failed(error(attempt, outcome), null);
                });
    }

    /** Nothing may point to a blob that was not seen, or come so late that a marker may have been collected (R13). */
    private @Nullable Throwable obstacle(UploadAttempt attempt, @Nullable BlobInfo blob, long startedNanos) {
        if (blob == null) {
            return UploadAccess.gone(
                    attempt.record().object(), "has an upload of that id whose parts are gone. Begin another one.");
        }
        return isLate(attempt, startedNanos)
                ? new BackendUnavailableException(
                        "",
                        "The attempts to complete an upload of '"
                                + attempt.record().object().storagePath()
                                + "' have taken longer than the uploadWindow of "
                                + tiers.settings().uploadWindow() + ". Complete it again to learn how it ended.",
                        Determinacy.UNKNOWN)
                : null;
    }

    private static Throwable error(UploadAttempt attempt, CommitLoop.Outcome outcome) {
        ObjectId object = attempt.record().object();
        Throwable cause = outcome.cause();
        if (cause instanceof UploadGoneException) {
            return cause;
        }
        if (cause == null) {
            cause = new BackendUnavailableException(
                    "",
                    "The upload of '" + object.storagePath() + "' is being completed or aborted by another call.",
                    Determinacy.UNKNOWN);
        }
        boolean nothingSent = attempt.first() && !outcome.ambiguous() && outcome.end() != CommitLoop.End.CLAIMED;
        return nothingSent ? NothingStored.because(cause) : UploadErrors.unknown(cause, "complete", object);
    }

    /** No attempt can succeed any more, so nobody should have to wait until the window is over. */
    private Aftermath barred(MultipartUploads store, UploadRecord record) {
        return new Aftermath(
                record.id(), "end of an upload", ends.end(store, record).then());
    }

    private Aftermath behind(MultipartUploads store, UploadRecord record) {
        return new Aftermath(
                record.id(),
                "cleanup behind an upload",
                settle.settle(store, record).then());
    }

    /** R13, by both clocks: what the wall clock says, or what it said at the start and the time since. */
    private boolean isLate(UploadAttempt attempt, long startedNanos) {
        long windowMicros = tiers.settings().uploadWindow().toNanos() / 1000;
        long sinceStart = (tiers.runtime().monotonicNanos() - startedNanos) / 1000;
        long byWallClock = tiers.runtime().nowMicros() - attempt.record().sinceMicros();
        return Math.max(byWallClock, attempt.ageMicros() + sinceStart) > windowMicros;
    }
}
