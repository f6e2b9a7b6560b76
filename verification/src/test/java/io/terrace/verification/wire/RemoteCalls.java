// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.spi.Retries;
import io.terrace.spi.TerraceRuntime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Calls of the server. Blocking work is done by threads of its own; each call ends in time. */
final class RemoteCalls {

    static final String NAME = "remote";

    /** An attempt, and the wait for the next piece of a body. */
    static final int TIMEOUT_MILLIS = 500;

    /** A request that is repeated, all attempts together. */
    static final int DEADLINE_MILLIS = 1200;

    private static final int NEVER_MILLIS = 60_000;
    private static final int THREADS = 2 * RemoteConnections.MOST;
    private static final int WAITING = 2000;
    private static final int FAILURES_THAT_OPEN = 15;

    private final Flaw flaw;
    private final Desk desk;
    private final RemoteConnections connections;
    private final Retries retries = new Retries(TerraceRuntime.system());
    private final AtomicInteger failures = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    RemoteCalls(InetSocketAddress server, Desk desk, Flaw flaw) {
        this.flaw = flaw;
        this.desk = desk;
        this.connections = new RemoteConnections(server, flaw, timeoutMillis());
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), work -> {
                    Thread thread = new Thread(work, "remote-client");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    Flaw flaw() {
        return flaw;
    }

    RemoteConnections connections() {
        return connections;
    }

    Executor threads() {
        return threads;
    }

    int timeoutMillis() {
        return flaw == Flaw.NO_TIMEOUT ? NEVER_MILLIS : TIMEOUT_MILLIS;
    }

    /**
     * One attempt.
     *
     * @param writes whether it is unknown what has happened if the answer does not come
     * @param request the bytes that cross the wire
     * @param act what the server does with them
     */
    Mono<Reply> once(boolean writes, byte[] request, Function<byte[], Mono<Answer>> act) {
        return Mono.<Reply>create(sink -> {
                    if (flaw == Flaw.BREAKER_STAYS_OPEN && failures.get() >= FAILURES_THAT_OPEN) {
                        sink.error(unavailable("The breaker is open", null));
                        return;
                    }
                    RemoteCall call = new RemoteCall(this, desk.leave(act), request, writes, sink);
                    sink.onCancel(call);
                    try {
                        threads.execute(call);
                    } catch (RejectedExecutionException refused) {
                        sink.error(unavailable("Closed, or too many calls", refused));
                    }
                })
                .doOnSuccess(reply -> failures.set(0))
                .doOnError(error -> failures.incrementAndGet());
    }

    /** A request that may be repeated, as often as the budget lets it. */
    <T> Mono<T> repeated(Mono<T> step) {
        return unlimited(step)
                .timeout(
                        Duration.ofMillis(flaw == Flaw.NO_TIMEOUT ? NEVER_MILLIS : DEADLINE_MILLIS),
                        Mono.error(() -> unknown("No answer in time", null)));
    }

    private <T> Mono<T> unlimited(Mono<T> step) {
        return flaw == Flaw.NO_BUDGET
                ? step.retryWhen(
                        Retry.max(3).filter(Retries::mayPass).onRetryExhaustedThrow((spec, last) -> last.failure()))
                : retries.of(step);
    }

    Mono<Void> closeLater() {
        return Mono.fromRunnable(() -> {
            connections.close();
            threads.shutdown();
        });
    }

    static TerraceException unknown(String what, @Nullable Throwable cause) {
        return new OutcomeUnknownException(NAME, what, cause);
    }

    static TerraceException unavailable(String what, @Nullable Throwable cause) {
        return new BackendUnavailableException(NAME, what, Determinacy.NOT_APPLIED, cause);
    }
}
