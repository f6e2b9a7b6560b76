// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** One call of the client: answered once, by its result, its timeout or its cancel, whichever comes first. */
final class BlockingCall<T> implements Runnable {

    private static final Object GIVEN_UP = new Object();

    private final GcsThreads threads;
    private final Callable<? extends @Nullable T> work;
    private final Consumer<? super T> discard;
    private final MonoSink<T> sink;
    private final Connections.Lease lease = new Connections.Lease();
    private final Disposable.Swap watch = Disposables.swap();
    /** Nothing as long as it is not answered, then the value, an error, or the mark. */
    private final AtomicReference<@Nullable Object> answer = new AtomicReference<>();

    BlockingCall(
            GcsThreads threads, Callable<? extends @Nullable T> work, Consumer<? super T> discard, MonoSink<T> sink) {
        this.threads = threads;
        this.work = work;
        this.discard = discard;
        this.sink = sink;
    }

    void watch(Scheduler timers, Duration timeout) {
        watch.update(timers.schedule(() -> expire(timeout), timeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void run() {
        lease.begin();
        if (answer.get() != null) {
            lease.end();
            return;
        }
        T value = null;
        Throwable error = null;
        try {
            value = work.call();
        } catch (Throwable e) {
            error = e;
        } finally {
            lease.end();
        }
        Object outcome = error != null ? error : value != null ? value : this;
        if (!answer.compareAndSet(null, outcome)) {
            if (value != null) {
                discard.accept(value);
            }
            return;
        }
        watch.dispose();
        // Before the answer, so that whoever gets it finds room for the next call.
        threads.end();
        if (error != null) {
            sink.error(error);
        } else if (value != null) {
            sink.success(value);
        } else {
            sink.success();
        }
    }

    /** Also called for a value that was answered and not received: Reactor leaves it to us then. */
    @SuppressWarnings("unchecked") // what is neither a mark nor an error is a value
    void cancel(boolean cut) {
        watch.dispose();
        Object before = answer.getAndSet(GIVEN_UP);
        if (before == null) {
            threads.end();
            if (cut) {
                cutSoon();
            }
        } else if (before != GIVEN_UP && before != this && !(before instanceof Throwable)) {
            discard.accept((T) before);
        }
    }

    private void expire(Duration timeout) {
        if (answer.compareAndSet(null, GIVEN_UP)) {
            threads.end();
            cutSoon();
            sink.error(new SocketTimeoutException("no answer within " + timeout));
        }
    }

    private void cutSoon() {
        // One that still waits for its thread has nothing to cut, and will find that it was given up.
        if (lease.isBegun()) {
            threads.release(lease::cut);
        }
    }
}
