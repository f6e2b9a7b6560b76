// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Several calls that begin at the same moment, each on a thread of its own. */
final class Race {

    static final int RACERS = 16;

    private static final long PATIENCE_SECONDS = 30;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "terrace-kit-racer");
        thread.setDaemon(true);
        return thread;
    });

    private Race() {}

    /** Runs that many racers, told apart by their number, and returns their results in that order. */
    static <T> List<T> of(int racers, IntFunction<T> racer) {
        List<Callable<T>> runs = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            int number = i;
            runs.add(() -> racer.apply(number));
        }
        return of(runs);
    }

    /** Runs them all at once and returns their results. The failure of one is the failure of the race. */
    static <T> List<T> of(List<? extends Callable<T>> racers) {
        CyclicBarrier start = new CyclicBarrier(racers.size());
        List<Future<T>> running = racers.stream()
                .map(racer -> THREADS.submit(() -> {
                    start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    return racer.call();
                }))
                .toList();
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            results.add(resultOf(one));
        }
        return results;
    }

    /** Waits for the other racers. */
    static void await(CountDownLatch others) {
        try {
            assertThat(others.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private static <T> T resultOf(Future<T> racer) {
        try {
            return racer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new AssertionError("a racer failed: " + failed.getCause(), failed.getCause());
        } catch (TimeoutException stuck) {
            throw new AssertionError("a racer did not end", stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
