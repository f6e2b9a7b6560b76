// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.Pins;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A process with a store of its own over the shared tiers. Everything it asks of them goes through the world, which decides
 * what arrives when, and what does not.
 */
final class SimulatedProcess implements SpiInterceptor {

    private final String name;
    private final SimulatedWorld world;
    private final HighVolumeBackend rows;
    private final LongTermBackend blobs;
    private final ChangeLog log;
    final TieredObjectStore store;
    boolean alive = true;

    SimulatedProcess(String name, SimulatedWorld world, Rules rules, boolean pins) {
        this.name = name;
        this.world = world;
        this.rows = rows(world.rows);
        this.blobs = blobs(world.blobs);
        this.log = changeLog(world.log);
        this.store = TieredObjectStore.builder()
                .highVolume(rows)
                .longTerm(blobs)
                .changeLog(log)
                .runtime(world.runtime)
                .inlineThreshold(SimulatedWorld.THRESHOLD)
                .honourPins(pins)
                .recoverOnOpen(false)
                .withoutOperationTimeout()
                .rules(rules)
                .build();
    }

    Pins pins() {
        return log.pins();
    }

    Mono<RowHead> head(ObjectId id) {
        return rows.read(id, RowProjection.HEAD).map(Row::head).defaultIfEmpty(RowHead.ABSENT);
    }

    Mono<Boolean> exists(BlobId blob) {
        return blobs.head(blob).hasElement();
    }

    @Override
    public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
        return world.send(this, call, invocation);
    }

    /** A listing is one request, so that it is one moment. */
    @Override
    public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
        return world.send(this, call, invocation.collectList()).flatMapIterable(all -> all);
    }

    /** The upload goes on by itself; what is drawn is when, and whether, its last step arrives. */
    @Override
    public Mono<BlobInfo> aroundPut(
            SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<BlobInfo>> put) {
        return body.checkedBody()
                .reduce(ByteBuffer.allocate(SimulatedClient.MOST_BYTES), ByteBuffer::put)
                .delayUntil(bytes -> gate.opened())
                .flatMap(bytes -> world.send(this, call, put.apply(Payload.of(bytes.flip()), CommitGate.OPEN)));
    }

    @Override
    public BlobContent opened(SpiCall get, BlobContent content) {
        return world.breakable(content);
    }

    @Override
    public String toString() {
        return name;
    }
}
