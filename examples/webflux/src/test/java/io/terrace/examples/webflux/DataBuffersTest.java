// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.testkit.check.DemandProbe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferWrapper;
import org.springframework.core.io.buffer.DefaultDataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Each buffer of a request is copied once and released once, however it ends. */
class DataBuffersTest {

    private final CountedBuffers buffers = new CountedBuffers();
    private final List<Throwable> dropped = new ArrayList<>();

    @BeforeEach
    void noteDroppedErrors() {
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void nothingWasDropped() {
        Hooks.resetOnErrorDropped();
        buffers.free();
        assertThat(dropped).isEmpty();
    }

    @Test
    void theBytesAreThoseOfTheRequest() {
        Payload payload = DataBuffers.toPayload(buffers.body(3));

        StepVerifier.create(payload.body())
                .assertNext(bytes -> assertBytes(bytes, 0))
                .assertNext(bytes -> assertBytes(bytes, 1))
                .assertNext(bytes -> assertBytes(bytes, 2))
                .verifyComplete();
        assertThat(payload.contentLength()).isEqualTo(Payload.UNKNOWN);
        buffers.assertAllReleased();
    }

    @Test
    void aCopyStaysWhatItWasWhenThePoolUsesTheBufferAgain() {
        List<ByteBuffer> copies =
                DataBuffers.toPayload(buffers.body(64)).body().collectList().block();

        buffers.overwrite();
        for (int i = 0; i < 64; i++) {
            assertBytes(copies.get(i), i);
        }
    }

    @Test
    void buffersBeforeAnErrorOfTheRequestAreReleased() {
        IllegalStateException broken = new IllegalStateException("the client has gone");

        StepVerifier.create(DataBuffers.toPayload(buffers.body(3).concatWith(Flux.error(broken)))
                        .body())
                .expectNextCount(3)
                .verifyErrorMatches(broken::equals);
        buffers.assertAllReleased();
    }

    @Test
    void aBufferThatCannotBeCopiedIsReleased() {
        Broken broken = new Broken();

        StepVerifier.create(DataBuffers.toPayload(Flux.just(broken)).body()).verifyErrorMessage("cannot be read");
        assertThat(broken.released).isEqualTo(1);
    }

    @Test
    void nothingIsTakenFromARequestWhosePayloadIsNotReadOrCancelledAtOnce() {
        Payload payload = DataBuffers.toPayload(buffers.body(3));

        StepVerifier.create(payload.body(), 0).thenCancel().verify();
        assertThat(buffers.given()).isZero();
    }

    @Test
    void buffersAreReleasedWhereverThePayloadIsCancelled() {
        for (int after = 1; after <= 20; after++) {
            StepVerifier.create(DataBuffers.toPayload(buffers.body(20)).body(), 20)
                    .expectNextCount(after)
                    .thenCancel()
                    .verify();
        }
        buffers.assertAllReleased();
    }

    @Test
    void buffersThatWaitInAQueueAreReleasedWhenThePayloadIsCancelled() {
        Scheduler queue = Schedulers.newSingle("queue");
        for (int after = 1; after <= 20; after++) {
            Flux<DataBuffer> queued = buffers.body(100).publishOn(queue, 8);
            StepVerifier.create(DataBuffers.toPayload(queued).body(), after)
                    .expectNextCount(after)
                    .thenCancel()
                    .verify();
        }
        // What it was at when it was cancelled is over then. Once or twice: Reactor says that it may discard one again.
        Await.done(queue.disposeGracefully());
        buffers.assertNoneInFlight();
    }

    @Test
    void aBufferThatComesInSpiteOfACancelIsReleased() {
        // A source that was on its way when the cancel came.
        Flux<DataBuffer> late = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super DataBuffer> reader) {
                reader.onSubscribe(Operators.emptySubscription());
                reader.onNext(buffers.buffer(1));
                reader.onNext(buffers.buffer(2));
            }
        };

        StepVerifier.create(DataBuffers.toPayload(late).body())
                .expectNextCount(1)
                .thenCancel()
                .verify();
        assertThat(buffers.given()).isEqualTo(2);
        buffers.assertAllReleased();
    }

    @Test
    void aSlowStoreHasNoMoreBuffersInFlightThanItHasAskedFor() {
        DemandProbe<ByteBuffer> store = DemandProbe.ofBytes();
        Flux<DataBuffer> request = buffers.body(100);

        store.drain(DataBuffers.toPayload(request).body());
        assertThat(buffers.given()).isZero();
        for (int i = 1; i <= 10; i++) {
            store.request(1);
            assertThat(buffers.given()).isEqualTo(i);
            assertThat(buffers.inFlight()).isZero();
        }
        store.assertDemandRespected();
        store.cancel();
        buffers.assertAllReleased();
    }

    @Test
    void anObjectIsWrittenWithoutACopy() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);

        StepVerifier.create(DataBuffers.of(Flux.just(bytes), DefaultDataBufferFactory.sharedInstance))
                .assertNext(buffer -> {
                    assertThat(buffer.readableByteCount()).isEqualTo(2);
                    assertThat(((DefaultDataBuffer) buffer).getNativeBuffer().array())
                            .isSameAs(bytes.array());
                    assertThat(buffer.read()).isEqualTo((byte) 2);
                })
                .verifyComplete();
    }

    @Test
    void aSlowClientIsReadForNoFasterThanItAsks() {
        DemandProbe<ByteBuffer> object = DemandProbe.ofBytes();
        Flux<ByteBuffer> body = object.source(Flux.range(0, 100).map(i -> ByteBuffer.allocate(10)));
        BaseSubscriber<DataBuffer> client = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(3);
            }
        };

        DataBuffers.of(body, DefaultDataBufferFactory.sharedInstance).subscribe(client);
        assertThat(object.emittedBySource()).isEqualTo(30);
        object.assertOutstandingAtMost(3);
        client.cancel();
        assertThat(object.isSourceCancelled()).isTrue();
    }

    private static void assertBytes(ByteBuffer bytes, int value) {
        assertThat(bytes.remaining()).isEqualTo(CountedBuffers.BYTES);
        assertThat(bytes.get(0)).isEqualTo((byte) value);
        assertThat(bytes.get(CountedBuffers.BYTES - 1)).isEqualTo((byte) value);
    }

    /** A buffer that fails when it is read. */
    private static final class Broken extends DataBufferWrapper implements PooledDataBuffer {
        private int released;

        Broken() {
            super(DefaultDataBufferFactory.sharedInstance.allocateBuffer(1));
        }

        @Override
        public void toByteBuffer(ByteBuffer to) {
            throw new CancellationException("cannot be read");
        }

        @Override
        public boolean isAllocated() {
            return released == 0;
        }

        @Override
        public PooledDataBuffer retain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public PooledDataBuffer touch(Object hint) {
            return this;
        }

        @Override
        public boolean release() {
            released++;
            return true;
        }
    }
}
