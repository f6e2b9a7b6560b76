// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlobId;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.ScanScope;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Sixty-four writers that put one object after another under one key, over tiers in memory that are as far away as those over
 * a network are. The log sends what is asked of it while a request is under way with the next one, as group commit does.
 */
final class ConflictStorm {

    static final int WRITERS = 64;
    static final int PUTS = WRITERS * 40;
    private static final int THRESHOLD = 64;
    private static final int CALL_MICROS = 2_000;
    private static final int LOG_MICROS = 5_000;
    private static final ObjectId ID = ObjectId.of(ObjectContext.of("storm"), "object");

    private final Random random;
    private final Scheduler clock;
    private final InMemoryRows rows;
    private final InMemoryBlobs blobs;
    private final InMemoryChangeLog log = InMemoryChangeLog.create();
    private final GroupCommit groups = new GroupCommit();
    final TrafficRecorder rowsAndBlobs = new TrafficRecorder();
    final TrafficRecorder logCalls = new TrafficRecorder();
    final TieredObjectStore store;

    /** @param clock by which calls take their time, and on which they are answered */
    ConflictStorm(TerraceRuntime runtime, Scheduler clock, long seed) {
        this.random = new Random(seed);
        this.clock = clock;
        this.rows = InMemoryRows.create(runtime);
        this.blobs = InMemoryBlobs.builder(runtime).build();
        Distance distance = new Distance();
        this.store = TieredObjectStore.builder()
                .highVolume(rowsAndBlobs.rows(distance.rows(rows)))
                .longTerm(rowsAndBlobs.blobs(distance.blobs(blobs)))
                .changeLog(logCalls.changeLog(groups.changeLog(log)))
                .runtime(runtime)
                .inlineThreshold(THRESHOLD)
                .recoverOnOpen(false)
                .build();
    }

    /** Completes when all are answered; fails if any put fails. */
    Mono<Long> blow(int largePercent) {
        return Flux.range(0, WRITERS)
                .flatMap(
                        writer -> Flux.range(0, PUTS / WRITERS)
                                .concatMap(i -> put(largePercent))
                                .subscribeOn(clock),
                        WRITERS)
                .count();
    }

    private Mono<ObjectInfo> put(int largePercent) {
        int length = random.nextInt(100) < largePercent ? THRESHOLD + 1 : 1;
        return store.put(ID, ObjectMetadata.defaults(), Payload.of(new byte[length]));
    }

    /** What a remote log was sent. */
    int logRequests() {
        return groups.requests.get();
    }

    double perPut(long count) {
        return count / (double) PUTS;
    }

    List<BlobId> orphans() {
        BlobId target = rows.read(ID, RowProjection.HEAD)
                .map(Row::head)
                .blockOptional()
                .orElse(RowHead.ABSENT)
                .target();
        return Objects.requireNonNull(blobs.list("")
                .filter(blob -> !blob.equals(target))
                .collectList()
                .block());
    }

    long entries() {
        return Objects.requireNonNull(log.scan(ScanScope.ALL).count().block());
    }

    private Mono<Long> pause(int mostMicros) {
        return Mono.defer(() -> Mono.delay(Duration.ofNanos(1000L * random.nextInt(mostMicros)), clock));
    }

    /** Each call takes a while to arrive, and its answer a while to come back. */
    private final class Distance implements SpiInterceptor {

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return pause(CALL_MICROS)
                    .then(invocation.materialize())
                    .delayUntil(answer -> pause(CALL_MICROS))
                    .dematerialize();
        }
    }

    /** One request at a time; what comes meanwhile goes with the next one. */
    private final class GroupCommit implements SpiInterceptor {

        private final AtomicInteger requests = new AtomicInteger();
        private Mono<Void> last = Mono.empty();
        private @Nullable Mono<Void> gathering;

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return Mono.defer(this::join).then(invocation);
        }

        private synchronized Mono<Void> join() {
            if (gathering == null) {
                gathering = last.then(Mono.defer(this::send)).cache();
                last = gathering;
            }
            return gathering;
        }

        private synchronized Mono<Void> send() {
            gathering = null;
            requests.incrementAndGet();
            return pause(LOG_MICROS).then();
        }
    }
}
