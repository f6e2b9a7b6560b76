// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.RowHead;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * R11: deletes blobs that nothing refers to. For each blob first the log is asked, then the row: a blob that is visible
 * has an entry, and an entry is removed only when the row has been settled. The other way round, a commit could slip
 * through between the two.
 *
 * <p>Since it reads the row of every blob anyway, it is also who finds the large objects that have expired, and ends them.
 */
final class BlobSweep {

    private static final Logger LOG = LoggerFactory.getLogger(BlobSweep.class);
    private static final int BATCH = 64;
    private static final SweepReport KEPT = new SweepReport(1, 0, 0, 0, 0);
    private static final SweepReport DELETED = new SweepReport(0, 1, 0, 0, 0);
    private static final SweepReport EXPIRED = new SweepReport(0, 0, 1, 0, 0);
    private static final SweepReport PINNED = new SweepReport(0, 0, 0, 1, 0);
    private static final SweepReport FAILED = new SweepReport(0, 0, 0, 0, 1);

    private final Tiers tiers;
    private final Release release;
    private final Expiry expiry;

    BlobSweep(Tiers tiers) {
        this.tiers = tiers;
        this.release = new Release(tiers);
        this.expiry = new Expiry(tiers, release);
    }

    Mono<SweepReport> run() {
        return Facets.require(tiers.blobs(), BlobListing.class, "sweep")
                .list("")
                .buffer(BATCH)
                .concatMap(this::sweep)
                .reduce(SweepReport.NOTHING, SweepReport::plus);
    }

    private Flux<SweepReport> sweep(List<BlobId> blobs) {
        if (!tiers.rules().obey(Rule.SWEEP_LOG_FIRST)) {
            return Flux.fromIterable(blobs).concatMap(this::sweepRowFirst);
        }
        return referenced(blobs).flatMapMany(inFlight -> Flux.fromIterable(blobs)
                .flatMap(
                        blob -> inFlight.contains(blob) ? Mono.just(KEPT) : sweepUnlessTarget(blob),
                        Settings.MAINTENANCE_CONCURRENCY));
    }

    private Mono<Set<BlobId>> referenced(List<BlobId> blobs) {
        return tiers.logRetries().of(tiers.log().referenced(blobs));
    }

    private Mono<SweepReport> sweepUnlessTarget(BlobId blob) {
        return row(blob)
                .flatMap(row -> blob.equals(row.target()) ? unlessExpired(blob, row) : delete(blob))
                .onErrorResume(error -> {
                    LOG.warn("the blob '{}' cannot be swept now", blob, error);
                    return Mono.just(FAILED);
                });
    }

    private Mono<SweepReport> sweepRowFirst(BlobId blob) {
        return row(blob)
                .flatMap(row -> blob.equals(row.target())
                        ? Mono.just(KEPT)
                        : referenced(List.of(blob)).flatMap(in -> in.isEmpty() ? delete(blob) : Mono.just(KEPT)));
    }

    private Mono<RowHead> row(BlobId blob) {
        return tiers.rowRetries().of(tiers.head(blob.object()));
    }

    private Mono<SweepReport> unlessExpired(BlobId blob, RowHead tombstone) {
        return expiry.isDue(tombstone) ? expiry.end(blob.object(), tombstone).map(BlobSweep::report) : Mono.just(KEPT);
    }

    private static SweepReport report(Expiry.End end) {
        return switch (end) {
            case KEPT -> KEPT;
            case PINNED -> PINNED;
            case GONE -> EXPIRED;
        };
    }

    private Mono<SweepReport> delete(BlobId blob) {
        return release.release(null, List.of(blob)).map(gone -> gone ? DELETED : PINNED);
    }
}
