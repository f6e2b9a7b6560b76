// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobListing;
import io.terrace.spi.MarkerCollection;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Removes what is not needed any more, when it is asked to, and by itself if an interval was set. One pass at a time. */
final class Maintenance {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private final Tiers tiers;
    private final Operations operations;
    private final Recovery recovery;
    private final Observed observed;
    private final LastPass<MaintenanceReport> last;
    private final LastPass<SweepReport> lastSweep;
    private final Disposable.Swap timer = Disposables.swap();

    Maintenance(Tiers tiers, Operations operations, Recovery recovery, Observed observed) {
        this.tiers = tiers;
        this.operations = operations;
        this.recovery = recovery;
        this.observed = observed;
        this.last = new LastPass<>(tiers.runtime());
        this.lastSweep = new LastPass<>(tiers.runtime());
    }

    LastPass<MaintenanceReport> last() {
        return last;
    }

    LastPass<SweepReport> lastSweep() {
        return lastSweep;
    }

    /** First the changes: what they settle, the sweep need not look at again. */
    Mono<MaintenanceReport> run() {
        return last.of(Mono.defer(() -> recovery.run()
                .delayUntil(changes -> new SessionSweep(tiers).run())
                .flatMap(changes -> sweepIfListed()
                        .flatMap(blobs -> collect().map(rows -> new MaintenanceReport(changes, blobs, rows))))));
    }

    /** One that was asked for, so that it fails if the tier cannot enumerate its blobs. */
    Mono<SweepReport> sweep() {
        return lastSweep.of(
                Mono.defer(() -> new BlobSweep(tiers).run().delayUntil(report -> new SessionSweep(tiers).run())));
    }

    private Mono<SweepReport> sweepIfListed() {
        return tiers.blobs().facet(BlobListing.class).isPresent()
                ? lastSweep.of(new BlobSweep(tiers).run())
                : Mono.just(SweepReport.NOTHING);
    }

    private Mono<Long> collect() {
        return tiers.rows()
                .facet(MarkerCollection.class)
                .map(MarkerCollection::collectMarkers)
                .orElse(Mono.just(0L));
    }

    /** Plans the first pass at a random moment of the interval, so that stores that start together do not work together. */
    void start() {
        long interval = tiers.settings().maintenanceInterval().toNanos();
        if (interval > 0) {
            plan(1 + Math.floorMod(tiers.runtime().randomLong(), interval));
        }
    }

    private void plan(long nanos) {
        timer.update(tiers.runtime().timers().schedule(this::pass, nanos, TimeUnit.NANOSECONDS));
    }

    private void pass() {
        Mono<Void> pass = observed.mono(Operation.MAINTAIN, run())
                .doOnNext(report -> LOG.info("{}", report))
                .doOnError(error -> LOG.warn("maintenance ended early and is tried again at its next time", error))
                .doFinally(signal -> planNext())
                .then();
        if (!operations.spare("maintenance", pass)) {
            planNext();
        }
    }

    private void planNext() {
        plan(tiers.settings().maintenanceInterval().toNanos());
    }

    void stop() {
        timer.dispose();
    }
}
