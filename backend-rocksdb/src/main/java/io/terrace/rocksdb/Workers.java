// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A few threads. Whoever hands work over never waits; a {@link Limit} bounds how much there can be. */
final class Workers {

    private final int threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Semaphore available = new Semaphore(0);
    private volatile boolean stopped;

    Workers(String name, int threads) {
        this.threads = threads;
        for (int i = 0; i < threads; i++) {
            start("terrace-" + RocksDbErrors.BACKEND + "-" + name + "-" + i, this::work);
        }
    }

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void execute(Runnable task) {
        tasks.add(task);
        available.release();
    }

    /** Hands over many in one go, since to wake a thread for each costs more than most of them do. */
    <T> void execute(List<T> all, Consumer<T> task) {
        for (T one : all) {
            tasks.add(() -> task.accept(one));
        }
        available.release(all.size());
    }

    /** Lets the threads end when nothing is left to do. Waits for nobody. */
    void stop() {
        stopped = true;
        available.release(threads);
    }

    private void work() {
        while (true) {
            available.acquireUninterruptibly();
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
            } else if (stopped) {
                return;
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // A task reports its errors itself. Whatever escapes it must not cost a thread.
            Operators.onErrorDropped(e, Context.empty());
        }
    }
}
