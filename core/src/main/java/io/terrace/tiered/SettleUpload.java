// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadRecord;
import io.terrace.tiered.Rules.Rule;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * R10, step 6: deletes what is garbage now that an upload was completed, or overtaken by another value, and says so in its
 * record.
 */
final class SettleUpload {

    private final Tiers tiers;
    private final Fence fence;
    private final Release release;

    SettleUpload(Tiers tiers) {
        this.tiers = tiers;
        this.fence = new Fence(tiers);
        this.release = new Release(tiers);
    }

    /**
     * Answers true when everything is done, false when a pin keeps a blob or somebody else took the upload on. Fails, and
     * leaves the record, if it cannot finish.
     *
     * @param record COMPLETING or DYING; the row was seen to point to its blob, or to have another write id than its base
     */
    Mono<Boolean> settle(MultipartUploads store, UploadRecord record) {
        return settle(store, record, record.committed(tiers.runtime().nowMicros()));
    }

    /** The same for an upload that a conditional write overtook: it may not be called committed, but leaves the same behind. */
    Mono<Boolean> bar(MultipartUploads store, UploadRecord record) {
        return settle(store, record, record.dead(tiers.runtime().nowMicros()));
    }

    private Mono<Boolean> settle(MultipartUploads store, UploadRecord record, UploadRecord ended) {
        BlobId blob = record.blob();
        // R6.3: with an absent base a compare-and-set may still be in flight that finds the row absent again.
        boolean mayComeBack = record.base().isNone() && tiers.rules().obey(Rule.BUMP_ABSENT);
        return fence.read(record.object(), row -> blob.equals(row.target()) || !mayComeBack)
                .flatMap(fenced -> {
                    BlobId target = fenced.row().target();
                    List<BlobId> garbage = new ArrayList<>(record.oldBlobs());
                    if (blob.equals(target)) {
                        garbage.remove(target);
                        return release(record, garbage, ended);
                    }
                    garbage.add(0, blob);
                    garbage.remove(target);
                    // The session first: no late request can make the blob once it is gone.
                    return tiers.blobRetries()
                            .of(store.abort(record.session()))
                            .then(Mono.defer(() -> release(record, garbage, ended)));
                });
    }

    /** Without an entry to defer: the record itself remembers, and the next pass of maintenance comes back to it. */
    private Mono<Boolean> release(UploadRecord record, List<BlobId> garbage, UploadRecord ended) {
        return release.release(null, garbage)
                .flatMap(released -> released
                        ? tiers.logRetries().of(tiers.log().uploads().replace(record, ended))
                        : Mono.just(false));
    }
}
