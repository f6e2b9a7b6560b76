// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/** A subscriber that asks for exactly what the test tells it to. */
final class Demand<T> extends BaseSubscriber<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Queue<T> received = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable error;

    static <T> Demand<T> on(Publisher<T> source) {
        Demand<T> demand = new Demand<>();
        source.subscribe(demand);
        return demand;
    }

    Queue<T> received() {
        return received;
    }

    /** Asks for so many more, and checks that they come, and no other. */
    Demand<T> expect(int more) {
        int total = received.size() + more;
        request(more);
        Await.until("what was asked for has come", () -> received.size() >= total || ended.getCount() == 0);
        Await.remains(
                () -> assertThat(received).as("asked for %s in all", total).hasSize(total));
        return this;
    }

    /** Asks for everything that is left and waits for the end; returns the error, if that was it. */
    @Nullable
    Throwable drain() throws InterruptedException {
        requestUnbounded();
        assertThat(ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("a stream with demand must end")
                .isTrue();
        return error;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Nothing is asked for until the test says so.
    }

    @Override
    protected void hookOnNext(T value) {
        received.add(value);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        error = failure;
    }

    @Override
    protected void hookFinally(SignalType type) {
        ended.countDown();
    }
}
