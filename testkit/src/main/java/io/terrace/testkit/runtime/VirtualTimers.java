// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.runtime;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler with a clock of its own. A delayed task runs inside {@link #advance}, on the thread that advances, so a test
 * knows what has run when it returns; a task without a delay runs at once, since no time needs to pass for it.
 */
final class VirtualTimers implements Scheduler {

    private final PriorityQueue<Timer> delayed = new PriorityQueue<>();
    private final Queue<Timer> immediate = new ArrayDeque<>();
    private final Object advancing = new Object();

    private long nowNanos;
    private long sequence;
    private boolean draining;

    synchronized long nowNanos() {
        return nowNanos;
    }

    /** Delayed tasks that have neither run for the last time nor been cancelled. */
    synchronized int pending() {
        return delayed.size();
    }

    /** How long until the next task falls due, or -1 if none is waiting. */
    synchronized long nanosUntilNext() {
        Timer next = delayed.peek();
        return next == null ? -1 : Math.max(0, next.dueNanos - nowNanos);
    }

    /** Runs every task that falls due on the way, in order, each at its own time. */
    void advance(long nanos) {
        Failures failures = new Failures();
        synchronized (advancing) {
            long target = Math.addExact(nowNanos(), nanos);
            for (Timer next = nextDue(target); next != null; next = nextDue(target)) {
                failures.run(next::run);
            }
        }
        failures.rethrow();
    }

    private synchronized @Nullable Timer nextDue(long target) {
        Timer next = delayed.peek();
        if (next == null || next.dueNanos > target) {
            // A task may have advanced the clock itself, beyond our target.
            nowNanos = Math.max(nowNanos, target);
            return null;
        }
        nowNanos = Math.max(nowNanos, next.dueNanos);
        return delayed.remove();
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nowNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return submit(new Timer(task, 0, null), unit.toNanos(delay));
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return submit(new Timer(task, periodNanos(period, unit), null), unit.toNanos(initialDelay));
    }

    private static long periodNanos(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("a period of " + period + " would never let the clock advance");
        }
        return unit.toNanos(period);
    }

    private Timer submit(Timer timer, long delayNanos) {
        boolean drain;
        synchronized (this) {
            timer.order = sequence++;
            timer.dueNanos = nowNanos + Math.max(0, delayNanos);
            drain = delayNanos <= 0 && !draining;
            (delayNanos <= 0 ? immediate : delayed).add(timer);
            draining |= drain;
        }
        if (drain) {
            drainImmediate();
        }
        return timer;
    }

    /** One thread at a time, so that tasks do not nest, however many they schedule. */
    private void drainImmediate() {
        Failures failures = new Failures();
        for (Timer next = nextImmediate(); next != null; next = nextImmediate()) {
            failures.run(next::run);
        }
        failures.rethrow();
    }

    private synchronized @Nullable Timer nextImmediate() {
        Timer next = immediate.poll();
        draining = next != null;
        return next;
    }

    private synchronized void repeat(Timer timer) {
        if (!timer.disposed) {
            timer.order = sequence++;
            timer.dueNanos += timer.periodNanos;
            delayed.add(timer);
        }
    }

    private synchronized void cancel(Timer timer) {
        timer.disposed = true;
        delayed.remove(timer);
    }

    @Override
    public Worker createWorker() {
        return new TimerWorker();
    }

    /** A scheduled task. Its fields are guarded by the scheduler. */
    private final class Timer implements Disposable, Comparable<Timer> {
        private final Runnable task;
        private final long periodNanos;
        private final Disposable.@Nullable Composite owner;
        private long dueNanos;
        private long order;
        private volatile boolean disposed;

        Timer(Runnable task, long periodNanos, Disposable.@Nullable Composite owner) {
            this.task = task;
            this.periodNanos = periodNanos;
            this.owner = owner;
        }

        void run() {
            if (disposed) {
                return;
            }
            if (periodNanos > 0) {
                repeat(this);
            } else {
                disposed = true;
                forget();
            }
            task.run();
        }

        private void forget() {
            if (owner != null) {
                owner.remove(this);
            }
        }

        @Override
        public void dispose() {
            cancel(this);
            forget();
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Cancels with itself what was scheduled through it. */
    private final class TimerWorker implements Worker {
        private final Disposable.Composite tasks = Disposables.composite();

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return track(new Timer(task, 0, tasks), unit.toNanos(delay));
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return track(new Timer(task, periodNanos(period, unit), tasks), unit.toNanos(initialDelay));
        }

        private Disposable track(Timer timer, long delayNanos) {
            // Added first: an immediate task has run when submit returns.
            if (!tasks.add(timer)) {
                throw Exceptions.failWithRejected();
            }
            return submit(timer, delayNanos);
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }
    }
}
