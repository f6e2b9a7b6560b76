// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.UploadGoneException;
import io.terrace.UploadId;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import reactor.core.publisher.Mono;

/** Finds the record of an upload for somebody who shows its id, and for nobody else. */
final class UploadAccess {

    private final Tiers tiers;

    UploadAccess(Tiers tiers) {
        this.tiers = tiers;
    }

    /**
     * One read of the log. A made-up id, one of another object and one that was forgotten are answered alike, so that
     * nobody learns by trying which part of an id was right.
     */
    Mono<UploadRecord> find(ObjectId object, UploadId upload) {
        return Mono.defer(() -> {
            UploadIds.Shown shown = UploadIds.parse(upload);
            return shown == null
                    ? Mono.error(unknown(object))
                    : get(shown.entry())
                            .filter(record -> record.secret().matches(shown.secret())
                                    && record.object().equals(object))
                            .switchIfEmpty(Mono.error(() -> unknown(object)));
        });
    }

    /** As {@link #find}, of an upload that still takes parts. */
    Mono<UploadRecord> findActive(ObjectId object, UploadId upload) {
        return find(object, upload).flatMap(record -> switch (record.state()) {
            // A complete that failed may have to be repeated with another part.
            case OPEN, COMPLETING -> Mono.just(record);
            case COMMITTED -> Mono.error(completed(object));
            case DYING, DEAD -> Mono.error(ended(object));
        });
    }

    Mono<UploadRecord> get(EntryId id) {
        return tiers.logRetries().of(tiers.log().uploads().get(id));
    }

    private static UploadGoneException unknown(ObjectId object) {
        return gone(object, "has no upload of that id, or not any more. Begin another one.");
    }

    static UploadGoneException ended(ObjectId object) {
        return gone(object, "has an upload of that id that was aborted or given up. Begin another one.");
    }

    static UploadGoneException completed(ObjectId object) {
        return gone(object, "has an upload of that id that was completed. To change the object, begin another one.");
    }

    static UploadGoneException gone(ObjectId object, String what) {
        return new UploadGoneException("", "The object '" + object.storagePath() + "' " + what);
    }
}
