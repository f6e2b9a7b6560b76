// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ClientPayloadException;
import io.terrace.Payload;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SlowPublisherTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void theBodyHasItsLengthInChunksOfTheirSize() {
        SlowPublisher source = SlowPublisher.ofLength(1050).chunksOf(100);
        StepVerifier.create(source.flux().map(ByteBuffer::remaining).collectList())
                .assertNext(
                        sizes -> assertThat(sizes).hasSize(11).startsWith(100).endsWith(50))
                .verifyComplete();
        assertThat(source.emittedBytes()).isEqualTo(1050);
        assertThat(source.subscriptions()).isOne();
        assertThat(source.cancellations()).isZero();
    }

    @Test
    void anEmptyBodyIsEmpty() {
        StepVerifier.create(SlowPublisher.ofLength(0).flux()).verifyComplete();
    }

    @Test
    void itEmitsExactlyWhatIsRequestedAndNeverEndsIfToldSo() {
        SlowPublisher source = SlowPublisher.endless().chunksOf(10);
        StepVerifier.create(source.flux(), 0)
                .expectSubscription()
                .thenRequest(3)
                .expectNextCount(3)
                .expectNoEvent(Duration.ofMillis(20))
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify(SOON);
        assertThat(source.emittedBytes()).isEqualTo(40);
        assertThat(source.cancellations()).isOne();
    }

    @Test
    void itFailsAfterExactlySoManyBytes() {
        IOException reset = new IOException("reset");
        SlowPublisher source = SlowPublisher.ofLength(1000).chunksOf(100).failingAt(250, reset);
        StepVerifier.create(source.flux().map(ByteBuffer::remaining))
                .expectNext(100, 100, 50)
                .expectErrorMatches(error -> error == reset)
                .verify(SOON);
    }

    @Test
    void itCanFailInPlaceOfItsEnd() {
        StepVerifier.create(SlowPublisher.ofLength(10)
                        .failingAt(10, new IOException())
                        .flux())
                .expectNextCount(1)
                .expectError(IOException.class)
                .verify(SOON);
        StepVerifier.create(SlowPublisher.ofLength(10)
                        .failingAt(11, new IOException())
                        .flux())
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void itStallsAfterExactlySoManyBytes() {
        SlowPublisher source = SlowPublisher.ofLength(1000).chunksOf(100).stallingAt(250);
        StepVerifier.create(source.flux().map(ByteBuffer::remaining))
                .expectNext(100, 100, 50)
                .expectNoEvent(Duration.ofMillis(20))
                .thenCancel()
                .verify(SOON);
        assertThat(source.cancellations()).isOne();
    }

    @Test
    void itPausesBeforeEachChunkThatIsAskedFor() {
        ManualRuntime runtime = new ManualRuntime(1);
        SlowPublisher source = SlowPublisher.ofLength(30).chunksOf(10).pausing(Duration.ofMinutes(1), runtime.timers());
        List<String> seen = new ArrayList<>();
        source.flux()
                .subscribe(
                        chunk -> seen.add("chunk@"
                                + Duration.ofNanos(runtime.monotonicNanos()).toMinutes()),
                        error -> {},
                        () -> seen.add("end"));
        runtime.advance(Duration.ofSeconds(59));
        assertThat(seen).isEmpty();
        runtime.advance(Duration.ofMinutes(10));
        assertThat(seen).containsExactly("chunk@1", "chunk@2", "chunk@3", "end");
    }

    @Test
    void aPausingBodyIsNotReadAhead() {
        ManualRuntime runtime = new ManualRuntime(1);
        SlowPublisher source = SlowPublisher.endless().chunksOf(10).pausing(Duration.ofMinutes(1), runtime.timers());
        StepVerifier.create(source.flux(), 2)
                .then(() -> runtime.advance(Duration.ofHours(1)))
                .expectNextCount(2)
                .then(() -> assertThat(runtime.pendingTimers()).isZero())
                .thenCancel()
                .verify(SOON);
        assertThat(source.emittedBytes()).isEqualTo(20);
    }

    @Test
    void contentFollowsFromPositionWhateverTheChunks() {
        StepVerifier.create(SlowPublisher.verify(
                        SlowPublisher.ofLength(10_001).chunksOf(7).flux(), 0))
                .expectNext(10_001L)
                .verifyComplete();
        StepVerifier.create(SlowPublisher.verify(Flux.just(SlowPublisher.content(5_000_000_000L, 33)), 5_000_000_000L))
                .expectNext(33L)
                .verifyComplete();
    }

    @Test
    void aByteTooManyOrTooFewOrChangedIsFound() {
        StepVerifier.create(SlowPublisher.verify(Flux.just(SlowPublisher.content(1, 100)), 0))
                .verifyError(AssertionError.class);
        ByteBuffer changed = SlowPublisher.content(0, 100);
        changed.put(42, (byte) (changed.get(42) + 1));
        StepVerifier.create(SlowPublisher.verify(Flux.just(changed), 0))
                .expectErrorMessage("The byte at position 42 is " + changed.get(42) + ", but should be "
                        + SlowPublisher.byteAt(42) + ".")
                .verify(SOON);
        StepVerifier.create(
                        SlowPublisher.verify(Flux.just(SlowPublisher.content(0, 10), SlowPublisher.content(0, 10)), 0))
                .verifyError(AssertionError.class);
        StepVerifier.create(SlowPublisher.verify(Flux.just(SlowPublisher.content(0, 99)), 0))
                .expectNext(99L)
                .verifyComplete();
    }

    @Test
    void everyByteOccursAndWindowsDiffer() {
        Set<Byte> bytes = new HashSet<>();
        Set<Long> windows = new HashSet<>();
        for (long i = 0; i < 20_000; i++) {
            bytes.add(SlowPublisher.byteAt(i));
            windows.add(SlowPublisher.content(i, 8).getLong());
        }
        assertThat(bytes).hasSize(256);
        assertThat(windows).hasSize(20_000);
    }

    @Test
    void aPayloadIsAnnouncedWithTheLengthItShouldHave() {
        assertThat(SlowPublisher.ofLength(10).payload().contentLength()).isEqualTo(10);
        assertThat(SlowPublisher.ofLength(10).payloadOfUnknownLength().contentLength())
                .isEqualTo(Payload.UNKNOWN);
        assertThat(SlowPublisher.endless().payload().contentLength()).isEqualTo(Payload.UNKNOWN);
        StepVerifier.create(SlowPublisher.ofLength(10)
                        .failingAt(5, new IOException())
                        .payload()
                        .checkedBody())
                .expectNextCount(1)
                .verifyError(ClientPayloadException.class);
    }

    @Test
    void impossibleBodiesAreRefused() {
        assertThatThrownBy(() -> SlowPublisher.ofLength(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SlowPublisher.ofLength(1).chunksOf(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
