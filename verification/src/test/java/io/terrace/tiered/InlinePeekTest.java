// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class InlinePeekTest {

    private static final int LIMIT = 10;

    @Test
    void aShortBodyInOneBufferIsThatBuffer() {
        ByteBuffer only = ByteBuffer.allocate(LIMIT);
        InlinePeek.Peeked peeked = peek(Flux.just(only));
        assertThat(peeked.bytes()).isSameAs(only);
        assertThat(peeked.rest()).isNull();
    }

    @Test
    void aShortBodyInPiecesIsJoined() {
        InlinePeek.Peeked peeked = peek(Flux.just(bytes(1, 2), bytes(3), bytes(4, 5)));
        assertThat(peeked.bytes()).isEqualTo(bytes(1, 2, 3, 4, 5));
    }

    @Test
    void anEmptyBodyIsAnEmptyBuffer() {
        assertThat(peek(Flux.empty()).bytes().remaining()).isZero();
    }

    @Test
    void ofALongBodyNoMoreIsAskedForThanOneBufferBeyondTheLimit() {
        AtomicInteger emitted = new AtomicInteger();
        Flux<ByteBuffer> endless = Flux.<ByteBuffer>generate(sink -> {
            emitted.incrementAndGet();
            sink.next(ByteBuffer.allocate(4));
        });
        PeekedStream rest = Objects.requireNonNull(peek(endless).rest());
        assertThat(emitted).hasValue(3);
        StepVerifier.create(rest.map(ByteBuffer::remaining), 0)
                .thenRequest(2)
                .expectNext(4, 4)
                .then(() -> assertThat(emitted).hasValue(3))
                .thenRequest(2)
                .expectNext(4, 4)
                .then(() -> assertThat(emitted).hasValue(4))
                .thenCancel()
                .verify();
    }

    @Test
    void theStreamIsTheSameBuffersInOrderWithTheirEnd() {
        List<ByteBuffer> sent = List.of(bytes(1), ByteBuffer.allocate(LIMIT), bytes(2), bytes(3));
        PeekedStream rest = Objects.requireNonNull(peek(Flux.fromIterable(sent)).rest());
        List<ByteBuffer> received = Objects.requireNonNull(rest.collectList().block());
        assertThat(received).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(received.get(i)).isSameAs(sent.get(i));
        }
    }

    @Test
    void anEndThatComesBeforeTheReaderIsKeptForIt() {
        PeekedStream rest = Objects.requireNonNull(peek(Flux.concat(
                        Flux.just(ByteBuffer.allocate(LIMIT + 1)), Flux.error(new IllegalStateException("end"))))
                .rest());
        StepVerifier.create(rest).expectNextCount(1).verifyErrorMessage("end");
    }

    @Test
    void anErrorWhilePeekingIsPassedOn() {
        StepVerifier.create(InlinePeek.of(Flux.error(new IllegalStateException("broken")), LIMIT))
                .verifyErrorMessage("broken");
    }

    @Test
    void aCancelWhilePeekingCancelsTheSource() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        InlinePeek.of(source.flux(), LIMIT).subscribe().dispose();
        source.assertCancelled();
    }

    @Test
    void aStreamThatNobodyReadsCancelsItsSourceWhenDiscarded() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        List<InlinePeek.Peeked> peeked = new ArrayList<>();
        InlinePeek.of(source.flux(), LIMIT).subscribe(peeked::add);
        source.next(ByteBuffer.allocate(LIMIT + 1));
        Objects.requireNonNull(peeked.get(0).rest()).discard();
        source.assertCancelled();
        StepVerifier.create(Objects.requireNonNull(peeked.get(0).rest())).verifyError(IllegalStateException.class);
    }

    @Test
    void aCancelOfTheStreamCancelsTheSourceAndNothingFollows() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        List<InlinePeek.Peeked> peeked = new ArrayList<>();
        InlinePeek.of(source.flux(), LIMIT).subscribe(peeked::add);
        source.next(ByteBuffer.allocate(LIMIT + 1));
        List<ByteBuffer> received = new ArrayList<>();
        BaseSubscriber<ByteBuffer> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(ByteBuffer buffer) {
                received.add(buffer);
                cancel();
            }
        };
        Objects.requireNonNull(peeked.get(0).rest()).subscribe(reader);
        source.assertCancelled();
        assertThat(received).hasSize(1);
    }

    private static InlinePeek.Peeked peek(Flux<ByteBuffer> body) {
        return Objects.requireNonNull(InlinePeek.of(body, LIMIT).block());
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }
}
