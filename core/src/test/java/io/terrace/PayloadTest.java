// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class PayloadTest {

    @Test
    void bytesAreReplayableAndOfKnownLength() {
        Payload payload = Payload.ofText("häuser");
        assertThat(payload.contentLength()).isEqualTo(7);
        assertThat(payload.isReplayable()).isTrue();
        assertThat(text(payload.body())).isEqualTo("häuser");
        assertThat(text(payload.body())).isEqualTo("häuser");
        assertThat(text(Payload.of(new byte[] {65, 66}).checkedBody())).isEqualTo("AB");
    }

    @Test
    void aBufferIsReadFromPositionToLimitAndNotMoved() {
        ByteBuffer buffer = ByteBuffer.wrap("0123456789".getBytes(StandardCharsets.US_ASCII));
        buffer.position(2).limit(5);
        Payload payload = Payload.of(buffer);
        buffer.clear();
        assertThat(payload.contentLength()).isEqualTo(3);
        assertThat(text(payload.body())).isEqualTo("234");
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(10);
    }

    @Test
    void anEmptyPayloadEmitsNothing() {
        StepVerifier.create(Payload.of(new byte[0]).body()).verifyComplete();
        StepVerifier.create(Payload.of(new byte[0]).checkedBody()).verifyComplete();
    }

    @Test
    void aStreamIsOfUnknownLengthAndReadOnce() {
        Payload payload = Payload.from(Flux.just(bytes(3)));
        assertThat(payload.contentLength()).isEqualTo(Payload.UNKNOWN);
        assertThat(payload.isReplayable()).isFalse();
        assertThat(payload.replayable().isReplayable()).isTrue();
        assertThat(payload.contentLength(3).replayable().contentLength()).isEqualTo(3);
    }

    @Test
    void bytesInMemoryAreAtHandUnlessAnotherLengthWasAnnounced() {
        Payload bytes = Payload.ofText("abc");
        ByteBuffer first = bytes.inMemory();
        assertThat(first.remaining()).isEqualTo(3);
        first.position(2);
        assertThat(bytes.inMemory().remaining()).isEqualTo(3);
        assertThat(bytes.contentLength(3).inMemory()).isNotNull();
        // Otherwise the check of the length would be passed by.
        assertThat(bytes.contentLength(4).inMemory()).isNull();
        assertThat(Payload.from(Flux.just(bytes(3))).contentLength(3).inMemory())
                .isNull();
    }

    @Test
    void aNegativeLengthIsRefused() {
        assertThatThrownBy(() -> Payload.ofText("a").contentLength(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A content length must not be negative, but is -1. Leave it out if it is not known.");
    }

    @Test
    void aBodyOfTheAnnouncedLengthPasses() {
        StepVerifier.create(checked(7, bytes(3), bytes(4)).map(ByteBuffer::remaining))
                .expectNext(3, 4)
                .verifyComplete();
        StepVerifier.create(checked(0)).verifyComplete();
    }

    @Test
    void aBodyOfUnknownLengthPasses() {
        StepVerifier.create(Payload.from(Flux.just(bytes(3), bytes(4)))
                        .checkedBody()
                        .map(ByteBuffer::remaining))
                .expectNext(3, 4)
                .verifyComplete();
    }

    @Test
    void aShortBodyFailsAtItsEnd() {
        StepVerifier.create(checked(8, bytes(3), bytes(4)).map(ByteBuffer::remaining))
                .expectNext(3, 4)
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(ClientPayloadException.class)
                        .hasMessage("The payload was announced with 8 bytes, but has 7. "
                                + "Announce its true length, or none; nothing was stored."));
    }

    @Test
    void aLongBodyFailsBeforeTheSurplusIsEmitted() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        StepVerifier.create(Payload.from(source).contentLength(6).checkedBody().map(ByteBuffer::remaining))
                .then(() -> source.next(bytes(3)))
                .expectNext(3)
                .then(() -> source.next(bytes(4)))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(ClientPayloadException.class)
                        .hasMessageStartingWith("The payload was announced with 6 bytes, but has at least 7."));
        source.assertCancelled();
    }

    @Test
    void anyByteIsTooMuchForALengthOfZero() {
        StepVerifier.create(checked(0, bytes(1))).verifyError(ClientPayloadException.class);
    }

    @Test
    void anErrorOfThePublisherIsBlamedOnTheCaller() {
        IllegalStateException broken = new IllegalStateException("disk unplugged");
        StepVerifier.create(Payload.from(Flux.concat(Flux.just(bytes(3)), Flux.error(broken)))
                        .checkedBody())
                .expectNextCount(1)
                .verifyErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(ClientPayloadException.class).hasCause(broken);
                    assertThat(e).hasMessage("The publisher of the payload failed; nothing was stored.");
                    assertThat(((TerraceException) e).retryable()).isFalse();
                    assertThat(((TerraceException) e).determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                });
    }

    @Test
    void anErrorOfAnotherStoreIsBlamedOnTheCallerToo() {
        // Copying from a store that is down must not look as if this store were down.
        BackendUnavailableException elsewhere =
                new BackendUnavailableException("s3", "the source is down", Determinacy.NOT_APPLIED);
        StepVerifier.create(Payload.from(Flux.<ByteBuffer>error(elsewhere)).checkedBody())
                .verifyErrorSatisfies(e ->
                        assertThat(e).isInstanceOf(ClientPayloadException.class).hasCause(elsewhere));
    }

    @Test
    void aPayloadErrorIsPassedOnAsItIs() {
        ClientPayloadException own = new ClientPayloadException("the form field is truncated");
        StepVerifier.create(Payload.from(Flux.<ByteBuffer>error(own)).checkedBody())
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(own));
    }

    @Test
    void emptyBuffersAreLeftOut() {
        StepVerifier.create(checked(4, bytes(0), bytes(3), bytes(0), bytes(1), bytes(0))
                        .map(ByteBuffer::remaining))
                .expectNext(3, 1)
                .verifyComplete();
    }

    @Test
    void eachSubscriptionCountsForItself() {
        Flux<ByteBuffer> body = checked(7, bytes(3), bytes(4));
        StepVerifier.create(body).expectNextCount(2).verifyComplete();
        StepVerifier.create(body).expectNextCount(2).verifyComplete();
    }

    @Test
    void demandIsPassedOnUnchanged() {
        AtomicInteger generated = new AtomicInteger();
        Flux<ByteBuffer> endless = Flux.generate(sink -> {
            generated.incrementAndGet();
            sink.next(bytes(1));
        });
        StepVerifier.create(Payload.from(endless).contentLength(1000).checkedBody(), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify();
        assertThat(generated.get()).isEqualTo(3);
    }

    @Test
    void cancellingReachesThePublisher() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();
        StepVerifier.create(Payload.from(source).contentLength(9).checkedBody())
                .then(() -> source.next(bytes(1)))
                .expectNextCount(1)
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    private static Flux<ByteBuffer> checked(long announced, ByteBuffer... buffers) {
        return Payload.from(Flux.just(buffers)).contentLength(announced).checkedBody();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private static String text(Flux<ByteBuffer> body) {
        List<String> parts = new ArrayList<>();
        StepVerifier.create(body.map(b -> StandardCharsets.UTF_8.decode(b).toString()))
                .recordWith(() -> parts)
                .thenConsumeWhile(part -> true)
                .verifyComplete();
        return String.join("", parts);
    }
}
