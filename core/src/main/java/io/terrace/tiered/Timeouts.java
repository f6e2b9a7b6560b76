// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Many deadlines on one timer, so that having one costs next to nothing while it is kept: those who wait equally long stand
 * in the order in which they came.
 */
final class Timeouts {

    /** Somebody with a deadline. */
    abstract static class Timed {
        private long dueNanos;
        private long spanNanos;
        private volatile long renewedNanos;
        private @Nullable Timed before;
        private @Nullable Timed after;
        private boolean listed;

        /** The deadline has passed. On a timer thread; once for each time it was added. */
        abstract void expired();

        /** Starts the time again, for next to nothing. */
        final void renew(long nowNanos) {
            renewedNanos = nowNanos + spanNanos;
        }
    }

    /** No deadline at all. */
    static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

    private final TerraceRuntime runtime;
    private final boolean stopsTimer;
    private final Object lock = new Object();
    private @Nullable Timed first;
    private @Nullable Timed last;
    private @Nullable Disposable timer;
    private long timerNanos;

    /**
     * @param stopsTimer whether the timer is stopped at once when nobody waits any more; otherwise it runs out and is not set
     *     again, which is cheaper for those who come and go quickly
     */
    Timeouts(TerraceRuntime runtime, boolean stopsTimer) {
        this.runtime = runtime;
        this.stopsTimer = stopsTimer;
    }

    /** Expires this long after a moment that was just now or before, unless it is {@linkplain #remove removed} until then. */
    void add(Timed timed, long fromNanos, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return;
        }
        synchronized (lock) {
            timed.spanNanos = nanos;
            timed.dueNanos = fromNanos + nanos;
            timed.renewedNanos = timed.dueNanos;
            insert(timed);
            set(timed.dueNanos);
        }
    }

    /** Whether it was still waiting. */
    boolean remove(Timed timed) {
        synchronized (lock) {
            if (!timed.listed) {
                return false;
            }
            unlink(timed);
            if (stopsTimer && first == null && timer != null) {
                timer.dispose();
                timer = null;
            }
            return true;
        }
    }

    /** Sets no timer any more; what is waiting does not expire. */
    void stop() {
        synchronized (lock) {
            if (timer != null) {
                timer.dispose();
            }
        }
    }

    private void set(long dueNanos) {
        if (timer != null) {
            if (timerNanos - dueNanos <= 0) {
                return;
            }
            timer.dispose();
        }
        timerNanos = dueNanos;
        // At least a nanosecond: a scheduler may run what is due at once, here, under the lock.
        long delay = Math.max(1, dueNanos - runtime.monotonicNanos());
        timer = runtime.timers().schedule(this::fire, delay, TimeUnit.NANOSECONDS);
    }

    private void fire() {
        List<Timed> due = new ArrayList<>();
        synchronized (lock) {
            timer = null;
            long now = runtime.monotonicNanos();
            for (Timed next = first; next != null && next.dueNanos - now <= 0; next = first) {
                unlink(next);
                next.dueNanos = next.renewedNanos;
                if (next.dueNanos - now > 0) {
                    insert(next);
                } else {
                    due.add(next);
                }
            }
            if (first != null) {
                set(first.dueNanos);
            }
        }
        due.forEach(Timed::expired);
    }

    /** Behind all that expire earlier, looked for from the end: with equal times that is the end. */
    private void insert(Timed timed) {
        Timed at = last;
        while (at != null && at.dueNanos - timed.dueNanos > 0) {
            at = at.before;
        }
        Timed next = at == null ? first : at.after;
        timed.before = at;
        timed.after = next;
        if (at == null) {
            first = timed;
        } else {
            at.after = timed;
        }
        if (next == null) {
            last = timed;
        } else {
            next.before = timed;
        }
        timed.listed = true;
    }

    private void unlink(Timed timed) {
        timed.listed = false;
        if (timed.before == null) {
            first = timed.after;
        } else {
            timed.before.after = timed.after;
        }
        if (timed.after == null) {
            last = timed.before;
        } else {
            timed.after.before = timed.before;
        }
        timed.before = null;
        timed.after = null;
    }
}
