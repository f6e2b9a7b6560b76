// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A number of units that are taken and given back, and a bounded queue of those for whom too few are left. Strictly first
 * come, first served: nobody overtakes the first in the queue, however little it wants. Nothing blocks, and nobody is told
 * anything while the lock is held; as long as nobody waits, there is no lock.
 */
final class Limiter {

    /** Somebody in the queue. */
    abstract static class Waiter {
        private final long units;
        private final boolean takesPlace;
        private @Nullable Waiter before;
        private @Nullable Waiter after;
        private boolean queued;

        /** @param takesPlace whether it counts towards the bound of the queue; who does not must be bounded elsewhere */
        Waiter(long units, boolean takesPlace) {
            this.units = units;
            this.takesPlace = takesPlace;
        }

        /** The units are taken. On the thread that gave them back, which is somebody else's: must not do much. */
        abstract void granted();
    }

    private final long limit;
    private final int places;
    private final AtomicLong free;
    private final Object lock = new Object();
    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int placesTaken;
    private volatile int queued;

    /**
     * @param limit how many units there are
     * @param places how many may wait for some
     */
    Limiter(long limit, int places) {
        this.limit = limit;
        this.places = places;
        this.free = new AtomicLong(limit);
    }

    long limit() {
        return limit;
    }

    /** How many units are taken. */
    long taken() {
        return limit - free.get();
    }

    /** How many wait. */
    int queued() {
        return queued;
    }

    /** Takes the units, unless there are too few or somebody came before. */
    boolean tryAcquire(long units) {
        return queued == 0 && take(units);
    }

    private boolean take(long units) {
        long now = free.get();
        while (now >= units) {
            long seen = free.compareAndExchange(now, now - units);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Queues up; false if the queue is full, or if so many units do not exist. May be granted before this returns. */
    boolean enqueue(Waiter waiter) {
        synchronized (lock) {
            if (waiter.units > limit || (waiter.takesPlace && placesTaken >= places)) {
                return false;
            }
            waiter.queued = true;
            waiter.before = last;
            if (last == null) {
                first = waiter;
            } else {
                last.after = waiter;
            }
            last = waiter;
            count(waiter, 1);
        }
        // Some may have been given back before this one could be seen in the queue.
        grant();
        return true;
    }

    /** Leaves the queue; false if it was granted, or is being granted, or has left before. */
    boolean withdraw(Waiter waiter) {
        synchronized (lock) {
            if (!waiter.queued) {
                return false;
            }
            unlink(waiter);
        }
        // The one behind it may want less.
        grant();
        return true;
    }

    void release(long units) {
        free.addAndGet(units);
        if (queued > 0) {
            grant();
        }
    }

    private void grant() {
        for (Waiter next = takeForFirst(); next != null; next = takeForFirst()) {
            next.granted();
        }
    }

    private @Nullable Waiter takeForFirst() {
        synchronized (lock) {
            Waiter next = first;
            if (next == null || !take(next.units)) {
                return null;
            }
            unlink(next);
            return next;
        }
    }

    private void unlink(Waiter waiter) {
        waiter.queued = false;
        if (waiter.before == null) {
            first = waiter.after;
        } else {
            waiter.before.after = waiter.after;
        }
        if (waiter.after == null) {
            last = waiter.before;
        } else {
            waiter.after.before = waiter.before;
        }
        waiter.before = null;
        waiter.after = null;
        count(waiter, -1);
    }

    /** Under the lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void count(Waiter waiter, int more) {
        queued += more;
        if (waiter.takesPlace) {
            placesTaken += more;
        }
    }
}
