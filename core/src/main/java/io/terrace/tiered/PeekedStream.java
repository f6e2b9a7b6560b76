// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A body whose first buffers were taken from its source already: emits those, then hands all demand through. While it was
 * peeked at, the source was never asked for more than it had emitted, so until then only its end can arrive.
 */
final class PeekedStream extends Flux<ByteBuffer> implements Subscription {

    private final ArrayDeque<ByteBuffer> head;
    private final Subscription source;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger draining = new AtomicInteger();
    private volatile boolean ended;
    private volatile boolean cancelled;
    private @Nullable Throwable error;
    private Runnable onDrained = () -> {};
    private boolean endEmitted;
    private volatile @Nullable CoreSubscriber<? super ByteBuffer> reader;

    PeekedStream(ArrayDeque<ByteBuffer> head, Subscription source) {
        this.head = head;
        this.source = source;
    }

    /** What to do when the buffers that were taken have been handed on. Before anybody subscribes. */
    void onDrained(Runnable action) {
        onDrained = action;
    }

    /** Cancels the source if nobody has subscribed. Idempotent. */
    void discard() {
        if (taken.compareAndSet(false, true)) {
            cancel();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
        if (!taken.compareAndSet(false, true)) {
            Operators.error(actual, new IllegalStateException("The body was subscribed to before, or given up."));
            return;
        }
        reader = actual;
        actual.onSubscribe(this);
        // The end may have come before there was anybody to tell.
        drain();
    }

    /** From the source, which was asked for it in {@link #drain()}: the head has been emitted by then. */
    void onNext(ByteBuffer buffer) {
        CoreSubscriber<? super ByteBuffer> to = reader;
        if (to != null && !cancelled) {
            to.onNext(buffer);
        }
    }

    void onEnd(@Nullable Throwable failure) {
        error = failure;
        ended = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            demand.accumulateAndGet(n, Operators::addCap);
            drain();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        source.cancel();
    }

    private void drain() {
        CoreSubscriber<? super ByteBuffer> to = reader;
        if (to == null || draining.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            emit(to);
            missed = draining.addAndGet(-missed);
        } while (missed != 0);
    }

    private void emit(CoreSubscriber<? super ByteBuffer> to) {
        while (!cancelled && demand.get() > 0 && !head.isEmpty()) {
            demand.accumulateAndGet(1, Operators::subOrZero);
            ByteBuffer next = head.remove();
            if (head.isEmpty()) {
                onDrained.run();
            }
            to.onNext(next);
        }
        if (cancelled || endEmitted || !head.isEmpty()) {
            return;
        }
        if (ended) {
            endEmitted = true;
            if (error == null) {
                to.onComplete();
            } else {
                to.onError(error);
            }
            return;
        }
        long more = demand.getAndSet(0);
        if (more > 0) {
            source.request(more);
        }
    }
}
