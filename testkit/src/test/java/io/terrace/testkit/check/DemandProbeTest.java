// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.testkit.fault.SlowPublisher;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class DemandProbeTest {

    private final DemandProbe<Integer> probe = DemandProbe.ofElements();

    @Test
    void nothingIsRequestedBeforeTheTestSaysSo() {
        probe.drain(probe.source(Flux.range(0, 10)));
        assertThat(probe.requestedOfSource()).isZero();
        assertThat(probe.received()).isEmpty();

        probe.request(2);

        assertThat(probe.requestedOfSource()).isEqualTo(2);
        assertThat(probe.received()).containsExactly(0, 1);
        assertThat(probe.isCompleted()).isFalse();
        probe.request(Long.MAX_VALUE);
        assertThat(probe.isCompleted()).isTrue();
    }

    @Test
    void whatOnlyPassesThroughIsNotReadAhead() {
        probe.drain(probe.source(Flux.range(0, 100)).map(i -> i + 1));
        probe.request(50);
        assertThatCode(() -> probe.assertReadAheadAtMost(1)).doesNotThrowAnyException();
        assertThatCode(() -> probe.assertOutstandingAtMost(50)).doesNotThrowAnyException();
        assertThatCode(probe::assertDemandRespected).doesNotThrowAnyException();
    }

    @Test
    void aBufferIsFound() {
        probe.drain(probe.source(Flux.range(0, 100)).publishOn(Schedulers.immediate(), 16));
        probe.request(1);
        assertThat(probe.mostReadAhead()).isEqualTo(16);
        assertThatCode(() -> probe.assertReadAheadAtMost(16)).doesNotThrowAnyException();
        assertThatThrownBy(() -> probe.assertReadAheadAtMost(15))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("by 16, but at most 15");
    }

    @Test
    void unboundedDemandIsFound() {
        probe.drain(probe.source(Flux.range(0, 100)).onBackpressureBuffer());
        assertThatThrownBy(() -> probe.assertOutstandingAtMost(1_000_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("everything");
        assertThatThrownBy(() -> probe.assertReadAheadAtMost(99)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aPublisherThatGivesUnaskedIsFound() {
        Publisher<Integer> pushy = subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                subscriber.onNext(1);
                subscriber.onNext(2);
            }

            @Override
            public void cancel() {}
        });
        probe.drain(pushy);
        probe.request(1);
        assertThatThrownBy(probe::assertDemandRespected)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Element 2 came, but only 1 were asked for");
    }

    @Test
    void aCancelReachesTheSource() {
        probe.drain(probe.source(Flux.range(0, 100)));
        probe.request(1);
        assertThat(probe.isSourceCancelled()).isFalse();
        probe.cancel();
        assertThat(probe.isSourceCancelled()).isTrue();
    }

    @Test
    void anErrorIsKept() {
        IllegalStateException error = new IllegalStateException("broken");
        probe.drain(probe.source(Flux.error(error)));
        assertThat(probe.failure()).isSameAs(error);
        assertThat(probe.isCompleted()).isFalse();
    }

    @Test
    void bytesCanBeCountedInsteadOfElements() {
        DemandProbe<ByteBuffer> bytes = DemandProbe.ofBytes();
        bytes.drain(
                bytes.source(SlowPublisher.ofLength(1000).chunksOf(100).flux()).publishOn(Schedulers.immediate(), 4));
        bytes.request(2);
        assertThat(bytes.emittedBySource()).isEqualTo(400);
        assertThat(bytes.mostReadAhead()).isEqualTo(400);
        assertThat(bytes.received()).hasSize(2);
    }
}
