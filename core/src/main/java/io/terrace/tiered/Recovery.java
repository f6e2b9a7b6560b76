// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ScanScope;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Resolves what the log holds, except what this store is working on itself. Safe at any time, also for entries of live
 * writers elsewhere: those fail with a retryable error. A deferred entry is never left out: whoever unpinned counts on this
 * pass to find it, and its writer may have looked at the pins for the last time.
 *
 * <p>It runs when a store opens and when somebody asks for it; by itself it runs again only while it knows of work that was
 * left, each time after a longer pause. An idle store sends nothing.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final int MAX_DOUBLINGS = 6;

    private final Tiers tiers;
    private final Operations operations;
    private final Resolver resolver;
    private final UploadRecovery uploads;
    private final Observed observed;
    private final LastPass<RecoveryReport> last;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger fruitless = new AtomicInteger();
    private final Disposable.Swap timer = Disposables.swap();

    Recovery(Tiers tiers, Operations operations, Observed observed) {
        this.tiers = tiers;
        this.operations = operations;
        this.resolver = new Resolver(tiers);
        this.uploads = new UploadRecovery(tiers);
        this.observed = observed;
        this.last = new LastPass<>(tiers.runtime());
    }

    LastPass<RecoveryReport> last() {
        return last;
    }

    Mono<RecoveryReport> run() {
        return last.of(Mono.defer(() -> {
            long left = operations.left();
            return pass().doOnNext(report -> {
                if (report.failed() == 0) {
                    operations.recovered(left);
                }
            });
        }));
    }

    private Mono<RecoveryReport> pass() {
        return tiers.log()
                .scan(ScanScope.DUE)
                .filter(entry -> entry.state() == ChangeEntry.State.DEFERRED || !operations.owns(entry.id()))
                .flatMap(this::resolve, Settings.MAINTENANCE_CONCURRENCY)
                .reduce(RecoveryReport.NOTHING, RecoveryReport::plus)
                .flatMap(changes -> uploads.run().map(changes::plus));
    }

    /** One that cannot be resolved does not keep the others waiting. */
    private Mono<RecoveryReport> resolve(ChangeEntry entry) {
        return resolver.resolve(entry.id())
                .map(gone -> gone ? new RecoveryReport(1, 0, 0) : new RecoveryReport(0, 1, 0))
                .onErrorResume(error -> {
                    LOG.warn("the change {} of '{}' cannot be settled now", entry.id(), entry.object(), error);
                    return Mono.just(new RecoveryReport(0, 0, 1));
                });
    }

    /** Runs in the background, now. */
    void start() {
        Mono<RecoveryReport> pass = observed.mono(Operation.RECOVER, run());
        operations.run(
                new Aftermath(null, "recovery", pass.doOnNext(this::paceBy).then()));
    }

    /** Runs in the background after a pause, unless that is planned already. */
    void later() {
        if (scheduled.compareAndSet(false, true)) {
            long pause = FIRST_PAUSE.toNanos() << Math.min(fruitless.get(), MAX_DOUBLINGS);
            timer.update(tiers.runtime()
                    .timers()
                    .schedule(
                            () -> {
                                scheduled.set(false);
                                start();
                            },
                            pause,
                            TimeUnit.NANOSECONDS));
        }
    }

    private void paceBy(RecoveryReport report) {
        if (report.failed() == 0) {
            fruitless.set(0);
        } else {
            fruitless.incrementAndGet();
            later();
        }
    }

    void stop() {
        timer.dispose();
    }
}
