// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import io.terrace.Payload;
import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;

/** The bytes of a request on their way into a store, and those of an object on their way out. Demand goes through. */
public final class DataBuffers {

    private DataBuffers() {}

    /**
     * The body of a request as a payload of unknown length that can be read once. A buffer is copied when it comes, since a
     * store keeps what it is given for as long as it needs it, and is released at once. Those that never come, because the
     * payload failed or was cancelled, are released by what holds them.
     */
    public static Payload toPayload(Publisher<? extends DataBuffer> body) {
        return Payload.from(Flux.<DataBuffer>from(body)
                .map(DataBuffers::take)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release));
    }

    private static ByteBuffer take(DataBuffer buffer) {
        try {
            ByteBuffer copy = ByteBuffer.allocate(buffer.readableByteCount());
            buffer.toByteBuffer(copy);
            return copy;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    /**
     * The body of an object as buffers for a response. They are wrapped, not copied, and hold no memory of a pool: whoever
     * writes them releases them, and the garbage collector sees to those that nobody wrote.
     */
    public static Flux<DataBuffer> of(Publisher<ByteBuffer> body, DataBufferFactory buffers) {
        return Flux.from(body).map(buffers::wrap);
    }
}
