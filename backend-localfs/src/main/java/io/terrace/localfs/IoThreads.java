// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * A few threads for work that blocks, and a bound on how much of it may be under way.
 *
 * <p>The threads cannot be interrupted: an interrupt inside a file operation closes the channel for everybody, and closing
 * the lock file releases every lock of the process. Whoever hands work over never waits, not even for a lock.
 *
 * <p>A call is admitted once; its further steps are always accepted, so that nothing that has begun is refused half-way.
 */
final class IoThreads {

    private static final Object CANCELLED = new Object();

    private final int capacity;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Semaphore available = new Semaphore(0);
    private final AtomicInteger calls = new AtomicInteger();
    /** One for being open, one for each call, one for each thing that is held open. */
    private final AtomicInteger uses = new AtomicInteger(1);

    private final AtomicInteger running;
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;

    IoThreads(String name, int threads, int capacity) {
        this.capacity = capacity;
        this.running = new AtomicInteger(threads);
        for (int i = 0; i < threads; i++) {
            new Worker(this::work, "terrace-" + LocalFsErrors.BACKEND + "-" + name + "-" + i).start();
        }
    }

    /** Runs work on such a thread. Not run at all if cancelled before; never stopped half-way. */
    <T> Mono<T> call(Callable<? extends @Nullable T> work) {
        return call(work, unused -> {});
    }

    /** @param discard releases a result that nobody receives any more */
    <T> Mono<T> call(Callable<? extends @Nullable T> work, Consumer<? super T> discard) {
        return Mono.create(sink -> {
            AtomicReference<@Nullable Object> result = new AtomicReference<>();
            // Reactor calls this only if the value has not been delivered, and then drops the value.
            sink.onCancel(() -> {
                Object previous = result.getAndSet(CANCELLED);
                if (previous != null) {
                    discardResult(discard, previous);
                }
            });
            begin();
            execute(() -> {
                T value = null;
                Throwable error = null;
                try {
                    value = result.get() == CANCELLED ? null : work.call();
                } catch (Throwable e) {
                    error = e;
                }
                // Before the answer, so that whoever gets it finds room for the next call.
                end();
                if (error != null) {
                    sink.error(error);
                } else if (value == null) {
                    sink.success();
                } else if (result.compareAndSet(null, value)) {
                    sink.success(value);
                } else {
                    discard.accept(value);
                }
            });
        });
    }

    /** Runs work on such a thread and blocks until it is done, whatever interrupts the caller. For opening a store. */
    <T> T callAndWait(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TerraceException ours) {
                throw ours;
            }
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // what is not the mark of cancellation was put there as a T
    private static <T> void discardResult(Consumer<? super T> discard, Object result) {
        discard.accept((T) result);
    }

    /**
     * Admits a call; {@link #end} must follow.
     *
     * @throws TerraceException if there are too many already, or this is closed
     */
    void begin() {
        hold();
        if (calls.incrementAndGet() > capacity) {
            end();
            throw new AtCapacityException(
                    LocalFsErrors.BACKEND,
                    capacity + " calls are under way already, which is the limit. Repeat it later, or raise io-queue.",
                    Determinacy.NOT_APPLIED);
        }
    }

    void end() {
        leave();
        release();
    }

    /** Makes room for another call, but keeps the threads alive; {@link #release} must follow. */
    void leave() {
        calls.decrementAndGet();
    }

    /** Keeps the threads alive for something that is held open; {@link #release} must follow. */
    void hold() {
        uses.incrementAndGet();
        if (closed) {
            release();
            checkOpen();
        }
    }

    /** @throws TerraceException if this is closed; it may be closed at any time after */
    void checkOpen() {
        if (closed) {
            throw new BackendUnavailableException(
                    LocalFsErrors.BACKEND, "The store is closed. Open it again.", Determinacy.NOT_APPLIED);
        }
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            available.release(running.get());
        }
    }

    /** Runs a step of something that was admitted or is held. Never refused, never waits. */
    void execute(Runnable step) {
        tasks.add(step);
        available.release();
    }

    /** Refuses new calls; completes when those under way, and all that is held, have ended. */
    Mono<Void> closeLater() {
        return closeLater(() -> {});
    }

    /** @param abort ends what would not end by itself; run once, when nothing more is taken on */
    Mono<Void> closeLater(Runnable abort) {
        return Mono.defer(() -> {
            if (!closing.getAndSet(true)) {
                closed = true;
                abort.run();
                release();
            }
            return ended.asMono();
        });
    }

    boolean hasCalls() {
        return calls.get() > 0;
    }

    boolean isClosed() {
        return closed;
    }

    private void work() {
        while (true) {
            available.acquireUninterruptibly();
            Runnable step = tasks.poll();
            if (step != null) {
                run(step);
            } else if (uses.get() == 0) {
                break;
            }
        }
        if (running.decrementAndGet() == 0) {
            ended.tryEmitEmpty();
        }
    }

    private static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            // A step reports its errors itself. Whatever escapes it must not cost a thread.
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /** Ignores interrupts, whoever sends them. */
    private static final class Worker extends Thread {
        Worker(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }

        @Override
        public void interrupt() {
            // See IoThreads.
        }
    }
}
