// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A body of any length whose bytes follow from their position, so that nobody has to keep them to check a copy: see
 * {@link #verify}. It emits exactly what is requested, can be slow, stall or fail, and says what was done to it.
 *
 * <pre>{@code
 * var source = SlowPublisher.ofLength(64 << 20).chunksOf(8192).failingAt(1 << 20, new IOException("reset"));
 * StepVerifier.create(store.put(id, metadata, source.payload())).verifyError(ClientPayloadException.class);
 * assertThat(source.emittedBytes()).isEqualTo(1 << 20);
 * }</pre>
 *
 * <p>Immutable but for what it counts; each method that changes it returns another one, which counts anew. Any number of
 * subscriptions; each begins at the first byte, and all are counted together.
 */
public final class SlowPublisher {

    private static final long ENDLESS = Long.MAX_VALUE;
    private static final int DEFAULT_CHUNK = 16 * 1024;

    /** How the body is. */
    private record Shape(
            long length,
            int chunk,
            long breakAt,
            @Nullable Throwable failure,
            @Nullable Duration pause,
            @Nullable Scheduler timers) {}

    private final Shape shape;
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();

    private SlowPublisher(Shape shape) {
        this.shape = shape;
    }

    /** A body of so many bytes, in chunks of 16 KiB. */
    public static SlowPublisher ofLength(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a length must not be negative: " + bytes);
        }
        return new SlowPublisher(new Shape(bytes, DEFAULT_CHUNK, ENDLESS, null, null, null));
    }

    /** A body that never ends. */
    public static SlowPublisher endless() {
        return ofLength(ENDLESS);
    }

    /** The same body in chunks of so many bytes, the last one shorter. */
    public SlowPublisher chunksOf(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a chunk has at least one byte, not " + bytes);
        }
        return new SlowPublisher(
                new Shape(shape.length, bytes, shape.breakAt, shape.failure, shape.pause, shape.timers));
    }

    /** The same body, failing after so many bytes; those come before. */
    public SlowPublisher failingAt(long bytes, Throwable failure) {
        return new SlowPublisher(new Shape(shape.length, shape.chunk, bytes, failure, shape.pause, shape.timers));
    }

    /** The same body, of which no more than so many bytes ever come, and no end. */
    public SlowPublisher stallingAt(long bytes) {
        return new SlowPublisher(new Shape(shape.length, shape.chunk, bytes, null, shape.pause, shape.timers));
    }

    /** The same body, with a pause before each chunk, from the request for it. */
    public SlowPublisher pausing(Duration pause, Scheduler timers) {
        return new SlowPublisher(new Shape(shape.length, shape.chunk, shape.breakAt, shape.failure, pause, timers));
    }

    /** The bytes. Each buffer belongs to the receiver. */
    public Flux<ByteBuffer> flux() {
        long end = Math.min(shape.length, shape.breakAt);
        Flux<ByteBuffer> bytes = Flux.generate(() -> 0L, (position, sink) -> {
            if (position == end) {
                sink.complete();
                return position;
            }
            int size = (int) Math.min(shape.chunk, end - position);
            sink.next(content(position, size));
            return position + size;
        });
        if (shape.breakAt <= shape.length && shape.breakAt != ENDLESS) {
            Throwable failure = shape.failure;
            bytes = bytes.concatWith(failure == null ? Mono.never() : Mono.error(failure));
        }
        Duration pause = shape.pause;
        Scheduler timers = shape.timers;
        if (pause != null && timers != null) {
            // Prefetch 0: the next chunk is made only when it is asked for.
            bytes = bytes.concatMap(chunk -> Mono.delay(pause, timers).thenReturn(chunk), 0);
        }
        return bytes.doOnSubscribe(subscription -> subscriptions.incrementAndGet())
                .doOnNext(chunk -> emitted.addAndGet(chunk.remaining()))
                .doOnCancel(cancellations::incrementAndGet);
    }

    /** The body as a payload, announced with its length if it has one, whatever becomes of it. */
    public Payload payload() {
        return shape.length == ENDLESS
                ? payloadOfUnknownLength()
                : payloadOfUnknownLength().contentLength(shape.length);
    }

    /** The body as a payload whose length is not announced. */
    public Payload payloadOfUnknownLength() {
        return Payload.from(flux());
    }

    /** How many bytes were handed out, over all subscriptions. */
    public long emittedBytes() {
        return emitted.get();
    }

    /** How often it was subscribed to. */
    public int subscriptions() {
        return subscriptions.get();
    }

    /** How many subscriptions were cancelled. */
    public int cancellations() {
        return cancellations.get();
    }

    /** The byte at a position, in every body. */
    public static byte byteAt(long position) {
        // The finaliser of MurmurHash3: neither a shift nor a repetition of a part goes unnoticed.
        long z = (position + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
        return (byte) (z >>> 40);
    }

    /** The bytes from a position on, in every body. */
    public static ByteBuffer content(long position, int bytes) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = byteAt(position + i);
        }
        return ByteBuffer.wrap(content);
    }

    /**
     * Reads what should be the bytes of a body from a position on, and answers with their number; fails with an
     * {@link AssertionError} at the first byte that differs.
     *
     * @param position of the first byte that is read; not 0 for a range
     */
    public static Mono<Long> verify(Publisher<ByteBuffer> body, long position) {
        return Mono.defer(() -> {
            long[] next = {position};
            return Flux.from(body)
                    .doOnNext(chunk -> {
                        for (int i = chunk.position(); i < chunk.limit(); i++, next[0]++) {
                            if (chunk.get(i) != byteAt(next[0])) {
                                throw new AssertionError("The byte at position " + next[0] + " is " + chunk.get(i)
                                        + ", but should be " + byteAt(next[0]) + ".");
                            }
                        }
                    })
                    .then(Mono.fromSupplier(() -> next[0] - position));
        });
    }
}
