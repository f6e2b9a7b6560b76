// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.RowHead;
import io.terrace.spi.UploadRecord;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * R10, steps 1 and 2: one attempt to complete an upload. It reads the row, then makes the record COMPLETING, or takes the
 * attempt of somebody else over, and leaves the rest to {@link AssembleUpload}. What has ended already is only described.
 */
final class CompleteUpload {

    private static final int ATTEMPTS = 8;

    private final Tiers tiers;
    private final UploadAccess access;
    private final EndUpload ends;
    private final AssembleUpload assemble;

    CompleteUpload(Tiers tiers, UploadAccess access, EndUpload ends) {
        this.tiers = tiers;
        this.access = access;
        this.ends = ends;
        this.assemble = new AssembleUpload(tiers, ends);
    }

    Mono<Answer<ObjectInfo>> complete(
            MultipartUploads store, ObjectId object, UploadId upload, List<UploadedPart> parts, CommitPoint point) {
        UUID attempt = tiers.runtime().newUuid();
        // R3a: the row is read before the attempt is recorded; that the record is read as well costs no time.
        return Mono.zip(access.find(object, upload), tiers.head(object))
                .flatMap(both -> point.pass()
                        ? begin(store, both.getT1(), both.getT2(), attempt, parts, 1)
                        : Mono.<Answer<ObjectInfo>>empty())
                .onErrorMap(error -> UploadErrors.mayHaveHappened(error, "complete", object));
    }

    private Mono<Answer<ObjectInfo>> begin(
            MultipartUploads store,
            UploadRecord found,
            RowHead row,
            UUID attempt,
            List<UploadedPart> parts,
            int number) {
        if (found.state() == UploadRecord.State.COMMITTED) {
            return committed(found, row);
        }
        if (!mayBegin(found)) {
            return ends.end(store, found).flatMap(end -> switch (end) {
                case COMMITTED -> committed(found, row);
                case DEAD -> Mono.error(UploadAccess.ended(found.object()));
            });
        }
        if (number > ATTEMPTS) {
            return Mono.error(new BackendUnavailableException(
                    tiers.log().name(),
                    "The record of the " + found.session() + " changed in each of " + ATTEMPTS
                            + " attempts to complete it. Complete it again.",
                    Determinacy.UNKNOWN));
        }
        boolean first = found.state() == UploadRecord.State.OPEN;
        UploadRecord mine =
                first ? found.completing(attempt, row.writeId(), target(row), now()) : takenOver(found, row, attempt);
        return record(found, mine)
                .flatMap(ours -> ours
                        ? assemble.assemble(store, new UploadAttempt(mine, row, first, ageMicros(mine)), parts)
                        : access.get(found.id())
                                .switchIfEmpty(Mono.error(() -> UploadAccess.ended(found.object())))
                                .flatMap(now -> begin(store, now, row, attempt, parts, number + 1)));
    }

    private UploadRecord takenOver(UploadRecord found, RowHead row, UUID attempt) {
        return tiers.rules().obey(Rule.TAKE_OVER_KEEPS_BASE) ? found.takenOver(attempt) : found.rebased(row.writeId());
    }

    private Mono<Boolean> record(UploadRecord found, UploadRecord mine) {
        return tiers.rules().obey(Rule.COMPLETE_IS_RECORDED)
                ? tiers.logRetries().of(tiers.log().uploads().replace(found, mine))
                : Mono.just(true);
    }

    /** R13: nobody takes over what is older than the window, so that no marker is collected under its compare-and-set. */
    private boolean mayBegin(UploadRecord found) {
        boolean young =
                ageMicros(found) * 1000 <= tiers.settings().uploadWindow().toNanos();
        return switch (found.state()) {
            case OPEN -> true;
            case COMPLETING -> young;
            case DYING, COMMITTED, DEAD -> false;
        };
    }

    /** The row says it best, if the upload is what the object is now. */
    private Mono<Answer<ObjectInfo>> committed(UploadRecord record, RowHead row) {
        BlobId blob = record.blob();
        return blob.equals(row.target())
                ? Mono.just(UploadedObject.describe(record, row))
                : tiers.rowRetries()
                        .of(tiers.head(record.object()))
                        .map(again -> UploadedObject.describe(record, again));
    }

    private static List<BlobId> target(RowHead row) {
        BlobId target = row.target();
        return target == null ? List.of() : List.of(target);
    }

    private long ageMicros(UploadRecord record) {
        return now() - record.sinceMicros();
    }

    private long now() {
        return tiers.runtime().nowMicros();
    }
}
