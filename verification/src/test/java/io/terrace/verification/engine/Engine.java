// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.ScanScope;
import io.terrace.testkit.fault.FaultInjector;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.TieredObjectStoreBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A store over tiers in memory, with faults and a record of the traffic in between. Everything runs on the test's thread. */
final class Engine {

    static final int THRESHOLD = 16;
    static final String SMALL = "small";
    static final String LARGE = "a value of more than sixteen bytes";
    static final ObjectId ID = ObjectId.of(ObjectContext.of("tests"), "object");

    final ManualRuntime runtime = new ManualRuntime(1);
    final InMemoryRows rows;
    final InMemoryBlobs blobs = InMemoryBlobs.builder(runtime).build();
    final InMemoryChangeLog log = InMemoryChangeLog.create();
    final FaultInjector faults = new FaultInjector(FaultPlan.none());
    final TrafficRecorder traffic = new TrafficRecorder();
    final TieredObjectStore store;

    Engine() {
        this(builder -> builder);
    }

    Engine(UnaryOperator<TieredObjectStoreBuilder> settings) {
        this(settings, true);
    }

    Engine(UnaryOperator<TieredObjectStoreBuilder> settings, boolean reportObserved) {
        rows = InMemoryRows.builder(runtime).reportObserved(reportObserved).build();
        store = another(settings);
    }

    /** A second store over the same tiers, as of another process. */
    TieredObjectStore another(UnaryOperator<TieredObjectStoreBuilder> settings) {
        return settings.apply(TieredObjectStore.builder()
                        .highVolume(traffic.rows(faults.rows(rows)))
                        .longTerm(traffic.blobs(faults.blobs(blobs)))
                        .changeLog(traffic.changeLog(faults.changeLog(log)))
                        .runtime(runtime)
                        .inlineThreshold(THRESHOLD)
                        .recoverOnOpen(false))
                .build();
    }

    void put(String value) {
        finish(store.put(ID, ObjectMetadata.defaults(), Payload.ofText(value)));
    }

    @Nullable
    String get() {
        return finish(store.withObject(ID, GetOptions.all(), Engine::text));
    }

    static Mono<String> text(StoredObject object) {
        return bytes(object)
                .map(bytes ->
                        java.nio.charset.StandardCharsets.UTF_8.decode(bytes).toString());
    }

    static Mono<ByteBuffer> bytes(StoredObject object) {
        return object.body()
                .reduce(ByteBuffer.allocate((int) object.contentLength()), ByteBuffer::put)
                .map(ByteBuffer::flip);
    }

    /** Runs to the end, letting time pass as it must. */
    <T> @Nullable T finish(Mono<T> work) {
        List<T> value = new ArrayList<>();
        List<Object> end = new ArrayList<>();
        work.subscribe(value::add, end::add, () -> end.add("completed"));
        while (end.isEmpty()) {
            Duration next = runtime.untilNextTimer()
                    .orElseThrow(() -> new AssertionError("nothing is left to wait for, and it has not ended"));
            runtime.advance(next);
        }
        if (end.get(0) instanceof RuntimeException error) {
            throw error;
        }
        return value.isEmpty() ? null : value.get(0);
    }

    /** Lets all timers of the next few minutes run. */
    void rest() {
        runtime.advance(Duration.ofMinutes(5));
    }

    RowHead head() {
        return rows.read(ID, RowProjection.HEAD).map(Row::head).blockOptional().orElse(RowHead.ABSENT);
    }

    /** What a head of the object answers, or would if it had not expired. */
    String etag() {
        return head().writeId().toString();
    }

    List<BlobId> blobs() {
        return Objects.requireNonNull(blobs.list("").collectList().block());
    }

    List<ChangeEntry> entries() {
        return Objects.requireNonNull(log.scan(ScanScope.ALL).collectList().block());
    }
}
