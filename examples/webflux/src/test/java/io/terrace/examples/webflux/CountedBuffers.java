// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;

/** Buffers that know how often they were released: one reference of each is kept here, and the other one is given away. */
final class CountedBuffers {

    static final int BYTES = 4096;

    private final NettyDataBufferFactory factory = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
    private final List<ByteBuf> given = new CopyOnWriteArrayList<>();

    /** A buffer full of one byte. */
    DataBuffer buffer(int value) {
        ByteBuf bytes = factory.getByteBufAllocator().buffer(BYTES);
        for (int i = 0; i < BYTES; i++) {
            bytes.writeByte(value);
        }
        given.add(bytes.retain());
        return factory.wrap(bytes);
    }

    /** So many buffers, each made when it is asked for. */
    Flux<DataBuffer> body(int buffers) {
        return Flux.range(0, buffers).map(this::buffer);
    }

    int given() {
        return given.size();
    }

    /** How many were given and not released yet. */
    int inFlight() {
        return (int) given.stream().filter(bytes -> bytes.refCnt() > 1).count();
    }

    /** Each once, and not more often. */
    void assertAllReleased() {
        assertNoneInFlight();
        assertThat(given).extracting(ByteBuf::refCnt).containsOnly(1);
    }

    void assertNoneInFlight() {
        assertThat(given).isNotEmpty();
        Await.until("all " + given() + " buffers are released", () -> inFlight() == 0);
    }

    /** Gives back the references that were kept. */
    void free() {
        given.stream().filter(bytes -> bytes.refCnt() > 0).forEach(ByteBuf::release);
        given.clear();
    }

    /** Does to their memory what a pool may do when they were released. */
    void overwrite() {
        given.forEach(bytes -> bytes.setZero(0, BYTES));
    }
}
