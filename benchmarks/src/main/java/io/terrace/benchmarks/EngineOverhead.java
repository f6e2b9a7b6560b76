// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks;

import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Mono;

/**
 * What the engine adds to a small put and get: the difference between a call of the store and the one call of the row tier
 * that it makes. Read it with {@code -prof gc}; the tier is in memory and answers on the calling thread, so a thread hop in
 * the engine would show as a jump.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EngineOverhead {

    private static final int BYTES = 1024;

    private final TerraceRuntime runtime = TerraceRuntime.system();
    private final ObjectId id = ObjectId.of(ObjectContext.of("benchmark"), "object");
    private final byte[] bytes = new byte[BYTES];
    private final ObjectMetadata metadata = ObjectMetadata.defaults();
    private final ObjectMetadata stamped = metadata.stampedAt(runtime.now()).sized(BYTES);
    private final InMemoryRows rows = InMemoryRows.create(runtime);
    private final TieredObjectStore store = TieredObjectStore.builder()
            .highVolume(rows)
            .longTerm(InMemoryBlobs.create())
            .changeLog(InMemoryChangeLog.create())
            .build();

    /** Starts with the object in place. */
    public EngineOverhead() {
        run(store.put(id, metadata, Payload.of(bytes)));
    }

    @Benchmark
    public void putRow(Blackhole sink) {
        sink.consume(run(rows.putUnlessTombstone(
                id, runtime.newWriteId(), new InlineObject(stamped, Deadline.NONE, ByteBuffer.wrap(bytes)))));
    }

    @Benchmark
    public void putObject(Blackhole sink) {
        sink.consume(run(store.put(id, metadata, Payload.of(bytes))));
    }

    @Benchmark
    public void getRow(Blackhole sink) {
        sink.consume(run(rows.read(id, RowProjection.FULL)));
    }

    @Benchmark
    public void getObject(Blackhole sink) {
        sink.consume(run(store.get(id, GetOptions.all())));
    }

    @Benchmark
    public void headRow(Blackhole sink) {
        sink.consume(run(rows.read(id, RowProjection.HEAD)));
    }

    @Benchmark
    public void headObject(Blackhole sink) {
        sink.consume(run(store.head(id)));
    }

    /** Without block(): everything has happened when subscribe returns, and a lock would be measured as well. */
    private static <T> Object run(Mono<T> call) {
        Object[] answer = new Object[1];
        call.subscribe(value -> answer[0] = value);
        return answer[0];
    }
}
