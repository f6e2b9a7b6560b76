// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.ObjectId;
import io.terrace.spi.RowHead;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Shows that the owner of entries is alive: bumps each of them once in every third of the time to live, so that one sign of
 * life may get lost. A bump changes no revision, so nobody is told of it. What fails is left to the next round.
 */
final class KeepAlive {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);
    private static final long LEAST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final BucketRows rows;
    private final Leases leases;
    private final TerraceRuntime runtime;
    private final Duration interval;

    KeepAlive(BucketRows rows, Leases leases, Duration timeToLive) {
        this.rows = rows;
        this.leases = leases;
        this.runtime = rows.runtime();
        this.interval = timeToLive.dividedBy(3);
    }

    Disposable start() {
        return pause(0).thenMany(Mono.defer(this::round).flatMap(this::pause).repeat())
                .subscribe();
    }

    /** Answers how long it took, in nanoseconds. */
    private Mono<Long> round() {
        long began = runtime.monotonicNanos();
        return Flux.fromIterable(leases.all())
                .flatMap(this::show, Limits.CONCURRENCY)
                .then(Mono.fromSupplier(() -> runtime.monotonicNanos() - began));
    }

    private Mono<Void> show(Lease lease) {
        return Mono.defer(() -> signOfLife(lease))
                .timeout(interval, runtime.timers())
                .onErrorResume(error -> {
                    LOG.debug("no sign of life for {}", lease.key(), error);
                    return Mono.empty();
                });
    }

    private Mono<Void> signOfLife(Lease lease) {
        ObjectId id = rows.id(lease.key());
        RowHead head = lease.head();
        Mono<RowHead> now = head == null
                ? rows.head(id).flatMap(found -> isSame(lease, found) ? rows.bump(id, found) : Mono.just(found))
                : rows.bump(id, head);
        return now.flatMap(found -> settle(lease, id, found));
    }

    /** Whoever bumped it, the entry is alive at the version that was found; or it is another one, or none. */
    private Mono<Void> settle(Lease lease, ObjectId id, RowHead found) {
        if (isSame(lease, found)) {
            leases.replace(lease, lease.at(found));
            return Mono.empty();
        }
        if (!rows.hasValue(found)) {
            return publishAgain(lease, id, found);
        }
        if (rows.isOurs(found)) {
            return adopt(lease, id);
        }
        leases.lost(lease);
        return Mono.empty();
    }

    private boolean isSame(Lease lease, RowHead found) {
        return rows.hasValue(found) && found.writeId().equals(lease.version().writeId());
    }

    /** The value is one of ours whose write was not answered, or not yet. */
    private Mono<Void> adopt(Lease lease, ObjectId id) {
        return rows.read(id)
                .filter(row -> rows.isOurs(row.head()))
                .map(row -> Lease.written(lease.key(), Objects.requireNonNull(row.payload(), "payload"), row.version()))
                .doOnNext(ours -> leases.replace(lease, ours))
                .then();
    }

    /**
     * The entry was removed while its owner stood still. It comes back in the place of exactly what was found: if somebody
     * else has taken the key since, it is his. If the caller has deleted the key since, it goes again.
     */
    private Mono<Void> publishAgain(Lease lease, ObjectId id, RowHead found) {
        if (!leases.holds(lease)) {
            return Mono.empty();
        }
        return rows.compareAndSet(id, found.version(), rows.value(lease.value()))
                .flatMap(attempt -> {
                    RowHead now = attempt.found().head();
                    if (attempt.applied() == null) {
                        return rows.hasValue(now) ? settle(lease, id, now) : Mono.empty();
                    }
                    return leases.replace(lease, Lease.written(lease.key(), lease.value(), attempt.applied()))
                            ? Mono.empty()
                            : rows.compareAndSet(id, attempt.applied(), rows.marker())
                                    .then();
                });
    }

    /** Owners that were started together do not stay together. A round that took long is followed by the next one sooner. */
    private Mono<Void> pause(long tookNanos) {
        return Mono.defer(() -> {
            long jitter = Math.floorMod(runtime.randomLong(), interval.toNanos() / 4);
            long nanos = Math.max(LEAST_PAUSE_NANOS, interval.toNanos() - jitter - tookNanos);
            return Mono.delay(Duration.ofNanos(nanos), runtime.timers()).then();
        });
    }
}
