// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;
import io.terrace.spi.TerraceRuntime;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * A bounded number of threads for calls of the client, which blocks, and a bound on how many calls may wait for them.
 *
 * <p>No thread is ever interrupted: an interrupt would close the channel that the thread happens to work on, or hit the next
 * call. A call that is cancelled, or lasts too long, is answered at once, and its thread is freed by the end of its connection.
 */
final class GcsThreads {

    private static final long IDLE_SECONDS = 30;

    private final TerraceRuntime runtime;
    private final Duration timeout;
    private final int capacity;
    private final Closeable connections;
    private final ThreadPoolExecutor workers;
    /** For what must happen while all workers wait, and does not wait itself. */
    private final ThreadPoolExecutor releaser;

    private final AtomicInteger calls = new AtomicInteger();
    /** One for being open, one for each call. */
    private final AtomicInteger uses = new AtomicInteger(1);

    private final AtomicBoolean closing = new AtomicBoolean();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private volatile boolean closed;

    /** @param connections closed when all calls have ended */
    GcsThreads(TerraceRuntime runtime, int threads, int queue, Duration timeout, Closeable connections) {
        this.runtime = runtime;
        this.timeout = timeout;
        this.capacity = threads + queue;
        this.connections = connections;
        // The queue itself has no bound, so that work that was admitted, or that releases something, is never refused.
        this.workers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(""));
        this.workers.allowCoreThreadTimeOut(true);
        this.releaser = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("release-"));
        this.releaser.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory named(String kind) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "terrace-" + GcsErrors.BACKEND + "-" + kind + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs work that blocks. Not run at all if cancelled before; if cancelled meanwhile, its connection is cut. */
    <T> Mono<T> call(Callable<? extends @Nullable T> work) {
        return call(work, unused -> {}, true);
    }

    /**
     * Likewise.
     *
     * @param discard releases a result that nobody receives any more; must not block
     * @param stoppable whether a cancel cuts the connection; if not, the work is done to its end
     */
    <T> Mono<T> call(Callable<? extends @Nullable T> work, Consumer<? super T> discard, boolean stoppable) {
        return Mono.create(sink -> {
            begin();
            BlockingCall<T> call = new BlockingCall<>(this, work, discard, sink);
            call.watch(runtime.timers(), timeout);
            sink.onCancel(() -> call.cancel(stoppable));
            workers.execute(call);
        });
    }

    /** Releases something. Never refused, and must not wait. */
    void release(Runnable work) {
        releaser.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException unimportant) {
                Operators.onErrorDropped(unimportant, Context.empty());
            }
        });
    }

    /** @throws TerraceException if there are too many calls already, or this is closed */
    private void begin() {
        uses.incrementAndGet();
        if (closed) {
            unuse();
            throw GcsErrors.closed();
        }
        if (calls.incrementAndGet() > capacity) {
            end();
            throw new AtCapacityException(
                    GcsErrors.BACKEND,
                    capacity
                            + " calls are under way already, which is the limit. Repeat it later, or raise threads or queue.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** A call was answered. */
    void end() {
        calls.decrementAndGet();
        unuse();
    }

    private void unuse() {
        if (uses.decrementAndGet() == 0) {
            release(this::closeConnections);
        }
    }

    private void closeConnections() {
        workers.shutdown();
        try {
            connections.close();
        } catch (IOException unimportant) {
            Operators.onErrorDropped(unimportant, Context.empty());
        } finally {
            ended.tryEmitEmpty();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void checkOpen() {
        if (closed) {
            throw GcsErrors.closed();
        }
    }

    /** Refuses new calls; completes when those under way have been answered, which takes the timeout at most. */
    Mono<Void> closeLater(Runnable abort) {
        return Mono.defer(() -> {
            if (!closing.getAndSet(true)) {
                closed = true;
                abort.run();
                unuse();
            }
            return ended.asMono();
        });
    }
}
