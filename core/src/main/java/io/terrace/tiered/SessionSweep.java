// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.EntryId;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * R10: aborts the sessions of the long-term tier that no record knows of: whoever started them died, or heard no answer,
 * before the record was written. Only those that are older than the upload window, since a younger one may be about to get
 * its record; a session that loses its record by age has been aborted before.
 */
final class SessionSweep {

    private static final Logger LOG = LoggerFactory.getLogger(SessionSweep.class);

    private final Tiers tiers;

    SessionSweep(Tiers tiers) {
        this.tiers = tiers;
    }

    /** How many were aborted. Nothing is done if the tier takes no parts, or cannot list sessions. */
    Mono<Long> run() {
        MultipartUploads store = tiers.blobs().facet(MultipartUploads.class).orElse(null);
        UploadSessionListing listing =
                tiers.blobs().facet(UploadSessionListing.class).orElse(null);
        if (store == null || listing == null) {
            return Mono.just(0L);
        }
        return listing.sessions("")
                .filter(this::isOld)
                .flatMap(session -> abortIfUnknown(store, session), Settings.MAINTENANCE_CONCURRENCY)
                .count();
    }

    private boolean isOld(UploadSession session) {
        UUID uuid = session.blob().uuid();
        long startedMillis = uuid.getMostSignificantBits() >>> 16;
        long windowMillis = tiers.settings().uploadWindow().toMillis();
        return uuid.version() == 7 && tiers.runtime().nowMicros() / 1000 - startedMillis > windowMillis;
    }

    private Mono<UploadSession> abortIfUnknown(MultipartUploads store, UploadSession session) {
        return tiers.logRetries()
                .of(tiers.log().uploads().get(EntryId.of(session.blob())))
                .hasElement()
                .flatMap(known -> known
                        ? Mono.<UploadSession>empty()
                        : tiers.blobRetries().of(store.abort(session)).thenReturn(session))
                .onErrorResume(error -> {
                    LOG.warn("the {} cannot be aborted now", session, error);
                    return Mono.empty();
                });
    }
}
