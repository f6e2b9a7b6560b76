// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.UploadId;
import io.terrace.spi.BlobId;
import io.terrace.spi.EntryId;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
import reactor.core.publisher.Mono;

/**
 * R10: begins an upload. First the store's session, then its record: what dies in between leaves a session without a
 * record, which the {@link SessionSweep} finds.
 */
final class StartUpload {

    private final Tiers tiers;
    private final Policies policies;

    StartUpload(Tiers tiers, Policies policies) {
        this.tiers = tiers;
        this.policies = policies;
    }

    /** @param wanted kept without times, in both tiers: these count from the completion, and only the row has them */
    Mono<Answer<UploadId>> start(MultipartUploads store, ObjectId object, ObjectMetadata wanted, CommitPoint point) {
        ObjectMetadata metadata = policies.admit(object.context(), wanted);
        if (!point.pass()) {
            return Mono.empty();
        }
        BlobId blob = new BlobId(object, tiers.runtime().newUuid());
        return store.start(blob, metadata)
                .flatMap(session -> begin(store, session, metadata))
                .onErrorMap(NothingStored::because);
    }

    private Mono<Answer<UploadId>> begin(MultipartUploads store, UploadSession session, ObjectMetadata metadata) {
        UploadSecret secret =
                new UploadSecret(tiers.runtime().secretLong(), tiers.runtime().secretLong());
        UploadRecord record =
                UploadRecord.open(session, secret, metadata, tiers.runtime().nowMicros());
        return tiers.logRetries()
                .of(tiers.log().uploads().begin(record))
                .map(begun -> begun ? Answer.of(UploadIds.of(record), null) : taken(store, session))
                // The record may be there, or may still come: it is of an upload that nobody knows, and ends as one.
                .onErrorResume(
                        error -> Mono.just(Answer.failed(NothingStored.because(error), abandon(store, session))));
    }

    private Answer<UploadId> taken(MultipartUploads store, UploadSession session) {
        return Answer.failed(
                new BackendUnavailableException(
                        tiers.log().name(),
                        "The " + session + " could not be recorded: its id is in use. Nothing was begun; try again.",
                        Determinacy.NOT_APPLIED),
                abandon(store, session));
    }

    private Aftermath abandon(MultipartUploads store, UploadSession session) {
        return new Aftermath(
                EntryId.of(session.blob()),
                "abort of an upload that was not begun",
                tiers.blobRetries().of(store.abort(session)));
    }
}
