// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.TerraceException;
import io.terrace.spi.Retries;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Looks at a bucket again and again while anybody needs it: to remove what has expired, and for all watches together. Looks
 * follow each other, never overlap, and go on whatever fails.
 */
final class Observer {
    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

    /** The least time between two looks, however much is written. */
    private static final Duration PACE = Duration.ofMillis(50);

    private final String bucket;
    private final BucketRows rows;
    private final Leases leases;
    private final TerraceRuntime runtime;
    private final int maxEntries;
    private final Duration poll;
    private final Duration pace;
    private final @Nullable Duration timeToLive;
    private final Sinks.Many<Mono<Snapshot>> looks = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> end = Sinks.empty();

    private volatile Sinks.Empty<Void> wake = Sinks.empty();
    private volatile boolean failing;

    // Guarded by this.
    private int needs;
    private Disposable loop = Disposables.disposed();

    /** @param timeToLive {@code null} if nothing expires */
    Observer(String bucket, BucketRows rows, Leases leases, Limits limits, @Nullable Duration timeToLive) {
        this.bucket = bucket;
        this.rows = rows;
        this.leases = leases;
        this.runtime = rows.runtime();
        this.maxEntries = limits.maxEntries();
        this.timeToLive = timeToLive;
        Duration asked = limits.pollInterval();
        Duration quarter = timeToLive == null ? asked : timeToLive.dividedBy(4);
        this.poll = asked.compareTo(quarter) < 0 ? asked : quarter;
        this.pace = PACE.compareTo(poll.dividedBy(2)) < 0 ? PACE : poll.dividedBy(2);
    }

    /** From now on there are looks, until {@link #release}. */
    void need() {
        Disposable.Swap started = Disposables.swap();
        synchronized (this) {
            if (++needs != 1) {
                return;
            }
            loop = started;
        }
        Expiry expiry = timeToLive == null ? null : new Expiry(timeToLive, poll);
        // Not under the lock, and after it is known: the first look may already end the need for it.
        started.update(Mono.defer(() -> look(expiry))
                .then(Mono.defer(this::pause))
                .repeat()
                .subscribe());
    }

    void release() {
        Disposable unneeded;
        synchronized (this) {
            if (--needs != 0) {
                return;
            }
            unneeded = loop;
        }
        unneeded.dispose();
    }

    /**
     * What each look finds, or its error if that one does not pass. Whoever is not ready for one misses it. Needs looks while
     * it is subscribed to.
     */
    Flux<Mono<Snapshot>> looks() {
        return Flux.defer(() -> {
            need();
            return looks.asFlux().takeUntilOther(end.asMono()).doFinally(signal -> release());
        });
    }

    /**
     * Something has changed: look soon. This is where a store that tells of changes by itself would call; without one, only
     * writes of this process do.
     */
    void wake() {
        wake.tryEmitEmpty();
    }

    /** Ends all watches. */
    void end(TerraceException error) {
        end.tryEmitError(error);
    }

    private Mono<Void> look(@Nullable Expiry expiry) {
        // Before the look, so that a change during it is not missed.
        wake = Sinks.empty();
        long began = runtime.monotonicNanos();
        return Snapshot.of(rows, maxEntries)
                .flatMap(snapshot -> {
                    failing = false;
                    looks.tryEmitNext(Mono.just(snapshot));
                    return expiry == null
                            ? Mono.<Void>empty()
                            : reap(expiry.expired(snapshot, began, runtime.monotonicNanos()));
                })
                .onErrorResume(this::failed);
    }

    private Mono<Void> failed(Throwable error) {
        if (!failing) {
            failing = true;
            LOG.warn("cannot look at bucket {}, and tries on: {}", bucket, error.toString());
        }
        if (!Retries.mayPass(error)) {
            looks.tryEmitNext(Mono.error(error));
        }
        return Mono.empty();
    }

    /** Removes each at exactly the version that was seen: a sign of life since then refuses it. */
    private Mono<Void> reap(Map<String, RowVersion> expired) {
        return Flux.fromIterable(expired.entrySet())
                .filter(row -> !leases.owns(row.getKey(), row.getValue().writeId()))
                .flatMap(row -> reap(row.getKey(), row.getValue()), Limits.CONCURRENCY)
                .then();
    }

    private Mono<Void> reap(String key, RowVersion version) {
        return Mono.defer(() -> rows.compareAndSet(rows.id(key), version, rows.marker()))
                .doOnNext(attempt -> {
                    if (attempt.applied() != null) {
                        wake();
                    }
                })
                .onErrorResume(error -> {
                    LOG.debug("cannot remove {} of bucket {}", key, bucket, error);
                    return Mono.empty();
                })
                .then();
    }

    private Mono<Void> pause() {
        Mono<Void> woken = wake.asMono();
        return delay(pace).then(Mono.firstWithSignal(woken, delay(poll.minus(pace))));
    }

    private Mono<Void> delay(Duration time) {
        return Mono.delay(time, runtime.timers()).then();
    }
}
