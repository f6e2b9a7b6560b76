// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class OnDemandTest {

    private final IoThreads io = new IoThreads("test", 1, 10);
    private final AtomicInteger read = new AtomicInteger();

    @AfterEach
    void close() {
        await(io.closeLater());
    }

    /** Numbers, some steps of which find nothing. */
    private OnDemand.Source<Integer> numbers(int count, int pause) {
        return new OnDemand.Source<>() {
            private int steps;

            @Override
            public List<Integer> step(long wanted) throws IOException {
                if (wanted < 1) {
                    throw new IOException("nothing was asked for");
                }
                if (++steps % 3 == 0) {
                    return List.of();
                }
                int from = read.get();
                int to = (int) Math.min(count, from + Math.min(wanted, pause));
                read.set(to);
                return IntStream.range(from, to).boxed().toList();
            }

            @Override
            public boolean isOver() {
                return read.get() == count;
            }
        };
    }

    private Flux<Integer> flux(int count) {
        return OnDemand.read(io, () -> numbers(count, 7), "counting");
    }

    @Test
    void nothingIsReadThatWasNotAskedFor() {
        StepVerifier.create(flux(100), 0)
                .expectSubscription()
                .then(() -> assertThat(settled()).isZero())
                .thenRequest(3)
                .expectNextCount(3)
                .then(() -> assertThat(settled()).isEqualTo(3))
                .thenRequest(20)
                .expectNextCount(20)
                .then(() -> assertThat(settled()).isEqualTo(23))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(77)
                .verifyComplete();
    }

    @Test
    void demandFromWithinIsSeen() {
        assertThat(await(flux(1000).limitRate(1)))
                .isEqualTo(IntStream.range(0, 1000).boxed().toList());
    }

    @Test
    void aCancelEndsTheReading() {
        StepVerifier.create(flux(1_000_000), 5).expectNextCount(5).thenCancel().verify();
        StepVerifier.create(flux(1_000_000).take(50)).expectNextCount(50).verifyComplete();
        assertThat(settled()).isLessThan(1000);
    }

    @Test
    void anErrorEndsItAndNamesWhatWasDone() {
        Flux<Integer> broken = OnDemand.read(
                io,
                () -> new OnDemand.Source<Integer>() {
                    @Override
                    public List<Integer> step(long wanted) throws IOException {
                        throw new IOException("no such disk");
                    }

                    @Override
                    public boolean isOver() {
                        return false;
                    }
                },
                "counting");
        StepVerifier.create(broken).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("counting"));
    }

    /** What has been read when the thread has nothing more to do. */
    private int settled() {
        await(io.call(() -> 1));
        await(io.call(() -> 1));
        return read.get();
    }
}
