// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Steps that end at once, on the thread that asks, and steps that end elsewhere and later. */
class OnDemandTest {

    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /** Numbers, in pages of at most seven. Some steps find nothing. */
    private class Numbers implements OnDemand.Source<Integer> {
        private final int count;
        private final boolean elsewhere;

        Numbers(int count, boolean elsewhere) {
            this.count = count;
            this.elsewhere = elsewhere;
        }

        @Override
        public Mono<List<Integer>> next(long wanted) {
            Mono<List<Integer>> page = Mono.fromSupplier(() -> {
                if (wanted < 1) {
                    throw new IllegalStateException("nothing was asked for");
                }
                if (steps.incrementAndGet() % 3 == 0) {
                    return List.of();
                }
                int from = read.get();
                int to = (int) Math.min(count, from + Math.min(wanted, 7));
                read.set(to);
                return IntStream.range(from, to).boxed().toList();
            });
            return elsewhere ? page.subscribeOn(Schedulers.parallel()) : page;
        }

        @Override
        public boolean isOver() {
            return read.get() == count;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private Flux<Integer> flux(int count, boolean elsewhere) {
        return OnDemand.read(() -> new Numbers(count, elsewhere));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsReadThatWasNotAskedFor(boolean elsewhere) {
        StepVerifier.create(flux(100, elsewhere), 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(20))
                .then(() -> assertThat(steps).hasValue(0))
                .thenRequest(3)
                .expectNextCount(3)
                .expectNoEvent(Duration.ofMillis(20))
                .then(() -> assertThat(read).hasValue(3))
                .thenRequest(20)
                .expectNextCount(20)
                .expectNoEvent(Duration.ofMillis(20))
                .then(() -> assertThat(read).hasValue(23))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(77)
                .verifyComplete();
        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void demandFromWithinIsSeenAndTheStackDoesNotGrow(boolean elsewhere) {
        StepVerifier.create(flux(200_000, elsewhere).limitRate(1).reduce(0L, (sum, next) -> sum + next))
                .expectNext(200_000L * 199_999 / 2)
                .verifyComplete();
        read.set(0);
        StepVerifier.create(flux(200_000, elsewhere).count())
                .expectNext(200_000L)
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelEndsTheReading(boolean elsewhere) {
        StepVerifier.create(flux(1_000_000, elsewhere), 5)
                .expectNextCount(5)
                .thenCancel()
                .verify();
        StepVerifier.create(flux(1_000_000, elsewhere).take(50))
                .expectNextCount(50)
                .verifyComplete();
        assertThat(read.get()).isLessThan(1000);
        assertThat(closed).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorEndsIt(boolean elsewhere) {
        Flux<Integer> broken = OnDemand.read(() -> new Numbers(10, elsewhere) {
            @Override
            public Mono<List<Integer>> next(long wanted) {
                return read.get() < 5 ? super.next(1) : Mono.error(new IllegalStateException("broken"));
            }
        });
        StepVerifier.create(broken).expectNextCount(5).verifyErrorMessage("broken");
        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepUnderWayIsCancelled(boolean elsewhere) {
        AtomicInteger cancelled = new AtomicInteger();
        Flux<Integer> hanging = OnDemand.read(() -> new Numbers(10, elsewhere) {
            @Override
            public Mono<List<Integer>> next(long wanted) {
                return Mono.<List<Integer>>never().doOnCancel(cancelled::incrementAndGet);
            }
        });
        hanging.subscribe().dispose();
        assertThat(cancelled).hasValue(1);
    }
}
