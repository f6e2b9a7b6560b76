// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.UploadGoneException;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSession;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * R10, for uploads whose callers are gone: finishes what was committed or is being undone, gives up what nobody has touched
 * for the window, and forgets what ended so long ago. Safe at any time, beside any call and other recoveries.
 */
final class UploadRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(UploadRecovery.class);
    private static final int PART_PAGE = 1000;
    private static final RecoveryReport SETTLED = new RecoveryReport(1, 0, 0);
    private static final RecoveryReport PINNED = new RecoveryReport(0, 1, 0);
    private static final RecoveryReport FAILED = new RecoveryReport(0, 0, 1);

    private final Tiers tiers;
    private final EndUpload ends;
    private final SettleUpload settle;

    UploadRecovery(Tiers tiers) {
        this.tiers = tiers;
        this.ends = new EndUpload(tiers);
        this.settle = new SettleUpload(tiers);
    }

    Mono<RecoveryReport> run() {
        return tiers.blobs()
                .facet(MultipartUploads.class)
                .map(store -> tiers.log()
                        .uploads()
                        .scan(ScanScope.DUE, Long.MAX_VALUE)
                        .flatMap(record -> recover(store, record), Settings.MAINTENANCE_CONCURRENCY)
                        .reduce(RecoveryReport.NOTHING, RecoveryReport::plus))
                .orElse(Mono.just(RecoveryReport.NOTHING));
    }

    /** One that cannot be dealt with does not keep the others waiting. */
    private Mono<RecoveryReport> recover(MultipartUploads store, UploadRecord record) {
        long oldMicros =
                tiers.runtime().nowMicros() - tiers.settings().uploadWindow().toNanos() / 1000;
        boolean old = record.sinceMicros() < oldMicros;
        Mono<RecoveryReport> work =
                switch (record.state()) {
                    case OPEN -> old ? giveUpUnlessTouched(store, record, oldMicros) : nothing();
                    case COMPLETING -> old ? giveUp(store, record) : finishIfCommitted(store, record);
                    case DYING -> giveUp(store, record);
                    case COMMITTED, DEAD -> old ? forget(store, record) : nothing();
                };
        return work.onErrorResume(error -> {
            LOG.warn("the {} cannot be settled now", record.session(), error);
            return Mono.just(FAILED);
        });
    }

    private Mono<RecoveryReport> giveUpUnlessTouched(MultipartUploads store, UploadRecord record, long oldMicros) {
        return hasPartSince(store, record.session(), oldMicros, 0)
                .onErrorResume(UploadGoneException.class, gone -> Mono.just(false))
                .flatMap(touched -> touched ? nothing() : giveUp(store, record));
    }

    private Mono<Boolean> hasPartSince(MultipartUploads store, UploadSession session, long sinceMicros, int after) {
        return tiers.blobRetries()
                .of(store.listParts(session, after, PART_PAGE))
                .flatMap(page -> {
                    boolean found = page.parts().stream().anyMatch(part -> part.modifiedMicros() >= sinceMicros);
                    OptionalInt next = page.nextMarker();
                    return found || next.isEmpty()
                            ? Mono.just(found)
                            : hasPartSince(store, session, sinceMicros, next.getAsInt());
                });
    }

    private Mono<RecoveryReport> giveUp(MultipartUploads store, UploadRecord record) {
        return ends.end(store, record).thenReturn(SETTLED);
    }

    /** Its writer died after its compare-and-set: what it replaced must not wait until the client asks again. */
    private Mono<RecoveryReport> finishIfCommitted(MultipartUploads store, UploadRecord record) {
        return tiers.rowRetries()
                .of(tiers.head(record.object()))
                .flatMap(row -> record.blob().equals(row.target())
                        ? settle.settle(store, record).map(settled -> settled ? SETTLED : PINNED)
                        : nothing());
    }

    /** Once more the session: the abort behind a settled record may have failed. */
    private Mono<RecoveryReport> forget(MultipartUploads store, UploadRecord record) {
        return tiers.blobRetries()
                .of(store.abort(record.session()))
                .then(Mono.defer(
                        () -> tiers.logRetries().of(tiers.log().uploads().remove(record.id()))))
                .thenReturn(SETTLED);
    }

    private static Mono<RecoveryReport> nothing() {
        return Mono.just(RecoveryReport.NOTHING);
    }
}
