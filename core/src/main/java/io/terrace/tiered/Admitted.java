// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The room that one operation takes up: asked for, perhaps waited for, shared by what the operation opens, and given back
 * exactly once. If there is room, everything happens within {@link #enter}, on the caller's thread.
 */
final class Admitted extends Timeouts.Timed {

    /** Who asked. Each is called at most once altogether, and not at all after {@link #abandon}. */
    interface Owner {

        /** There is room, and it is taken. On the thread of {@link #enter}, or on a timer thread after a wait. */
        void admitted();

        /** There is no room. */
        void refused(RuntimeException why);

        /** There was room, and the operation has not been {@linkplain #answered} within its time. On a timer thread. */
        void late();
    }

    private static final int WAITING = 0;
    private static final int OVER = -1;
    private static final AtomicIntegerFieldUpdater<Admitted> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Admitted.class, "holders");
    private static final AtomicLongFieldUpdater<Admitted> BYTES =
            AtomicLongFieldUpdater.newUpdater(Admitted.class, "bytes");

    private static final AtomicIntegerFieldUpdater<Admitted> PLACE =
            AtomicIntegerFieldUpdater.newUpdater(Admitted.class, "place");

    private final Admission admission;
    private final Owner owner;
    private final boolean bulk;
    private final @Nullable Duration ownTimeout;
    private long enteredNanos;

    /** How many of the limiters have been passed. One step at a time, each after the one before. */
    private int passed;

    /** WAITING, OVER, or by how many it is held. */
    private volatile int holders;

    private volatile long bytes;

    /** 1 while it takes up a place among those that run. */
    @SuppressWarnings("unused") // by PLACE only
    private volatile int place;

    private volatile @Nullable Wait waiting;

    /** @param bytes of its payload that will be in memory; 0 if it brings none */
    Admitted(Admission admission, Owner owner, CallOptions options, long bytes) {
        this.admission = admission;
        this.owner = owner;
        this.bulk = options.isBulk();
        this.ownTimeout = options.timeout().orElse(null);
        this.bytes = bytes;
    }

    /** Takes what it needs, one after the other, and waits for what there is not; all waits together have one deadline. */
    void enter() {
        enteredNanos = admission.runtime().monotonicNanos();
        goOn();
    }

    private void goOn() {
        for (; passed < 3; passed++) {
            Limiter limiter = limiter();
            long units = units();
            if (units > 0 && !limiter.tryAcquire(units)) {
                await(limiter, units);
                return;
            }
        }
        place = 1;
        if (HOLDERS.compareAndSet(this, WAITING, 1)) {
            expireAfter(timeout().toNanos(), enteredNanos);
            owner.admitted();
        } else {
            giveBack();
        }
    }

    private Limiter limiter() {
        return switch (passed) {
            case 0 -> admission.bulk();
            case 1 -> admission.payloads();
            default -> admission.operations();
        };
    }

    private long units() {
        return switch (passed) {
            case 0 -> bulk ? 1 : 0;
            case 1 -> bytes;
            default -> 1;
        };
    }

    private void await(Limiter limiter, long units) {
        long now = admission.runtime().monotonicNanos();
        long left = patience().toNanos() - (now - enteredNanos);
        // In the queue of operations, bulk work takes no place: it is bounded by its share.
        Wait next = new Wait(limiter, units, !(bulk && limiter == admission.operations()));
        waiting = next;
        if (left <= 0) {
            refuse(admission.waitedTooLong(limiter, patienceName()));
            return;
        }
        admission.waits().add(next.deadline, now, left);
        if (!limiter.enqueue(next)) {
            admission.waits().remove(next.deadline);
            refuse(admission.full(limiter));
        } else if (holders == OVER) {
            // Abandoned before it was in the queue.
            next.leave();
        }
    }

    private Duration timeout() {
        return ownTimeout == null ? admission.operationTimeout() : ownTimeout;
    }

    /** The time it has and who gave it, to be put after "the". */
    String timeoutName() {
        return ownTimeout == null ? "operationTimeout of " + admission.operationTimeout() : "timeout of " + ownTimeout;
    }

    /** How long it waits for room: no longer than it would be given to run. */
    private Duration patience() {
        return hurries() ? timeout() : admission.queueTimeout();
    }

    private String patienceName() {
        return hurries() ? timeoutName() : "queueTimeout of " + admission.queueTimeout();
    }

    private boolean hurries() {
        return timeout().compareTo(admission.queueTimeout()) < 0;
    }

    private void refuse(RuntimeException why) {
        giveBack();
        if (HOLDERS.compareAndSet(this, WAITING, OVER)) {
            owner.refused(why);
        }
    }

    /** The caller has gone. True if the operation had not begun, and so never will. */
    boolean abandon() {
        if (!HOLDERS.compareAndSet(this, WAITING, OVER)) {
            return false;
        }
        Wait at = waiting;
        if (at != null) {
            at.leave();
        }
        return true;
    }

    private void expireAfter(long nanos, long fromNanos) {
        admission.deadlines().add(this, fromNanos, nanos);
    }

    @Override
    void expired() {
        owner.late();
    }

    /** Its payload comes on: the time starts again. */
    void progress() {
        renew(admission.runtime().monotonicNanos());
    }

    /** The caller has its answer, so nothing is late any more; lets go of the room. */
    void answered() {
        admission.deadlines().remove(this);
        release();
    }

    /** The caller has its answer, and the operation goes on: without a place, but with its bytes, and for as long again. */
    void goOnBehindAnswer() {
        leavePlace();
        expireAfter(timeout().toNanos(), admission.runtime().monotonicNanos());
    }

    /** Somebody else needs the room, too; to be paired with {@link #release}. */
    void hold() {
        HOLDERS.incrementAndGet(this);
    }

    /** Gives everything back when the last holder has let go. */
    void release() {
        if (HOLDERS.updateAndGet(this, held -> held == 1 ? OVER : held - 1) == OVER) {
            giveBack();
        }
    }

    /** Keeps no more than this of what was reserved for the payload. */
    void keepBytes(long most) {
        long before = BYTES.getAndUpdate(this, reserved -> Math.min(reserved, most));
        if (before > most) {
            admission.payloads().release(before - most);
        }
    }

    private void giveBack() {
        if (passed > 2) {
            leavePlace();
        } else if (passed > 0 && bulk) {
            admission.bulk().release(1);
        }
        if (passed > 1) {
            keepBytes(0);
        }
    }

    private void leavePlace() {
        if (PLACE.compareAndSet(this, 1, 0)) {
            admission.operations().release(1);
            if (bulk) {
                admission.bulk().release(1);
            }
        }
    }

    /** A place in a queue, until it is granted, given up, or too late. */
    private final class Wait extends Limiter.Waiter {

        private final Limiter limiter;
        private final Timeouts.Timed deadline = new Timeouts.Timed() {
            @Override
            void expired() {
                if (limiter.withdraw(Wait.this)) {
                    refuse(admission.waitedTooLong(limiter, patienceName()));
                }
            }
        };

        Wait(Limiter limiter, long units, boolean takesPlace) {
            super(units, takesPlace);
            this.limiter = limiter;
        }

        void leave() {
            if (limiter.withdraw(this)) {
                admission.waits().remove(deadline);
                giveBack();
            }
        }

        @Override
        void granted() {
            admission.waits().remove(deadline);
            // Not here: whoever gave the units back would have to run this operation, and its successor, and so on.
            admission.runtime().timers().schedule(() -> {
                passed++;
                goOn();
            });
        }
    }
}
