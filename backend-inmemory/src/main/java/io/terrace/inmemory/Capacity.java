// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import java.util.concurrent.atomic.AtomicLong;

/** How much a store may hold, so that it refuses with an error before the heap does. */
final class Capacity {

    private final String unit;
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Capacity(String unit, long limit) {
        this.unit = unit;
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    /** Takes what a value needs; a negative amount gives back. */
    void reserve(long amount) {
        if (amount <= 0) {
            take(amount);
        } else if (!tryReserve(amount)) {
            throw new AtCapacityException(
                    Held.NAME,
                    "The in-memory store holds " + used.get() + " of " + limit + " " + unit + " and has no room for "
                            + amount + " more. Delete something or raise its capacity.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** Takes without a limit: for what settles or removes, and must never fail for want of room. */
    void take(long amount) {
        used.addAndGet(amount);
    }

    private boolean tryReserve(long amount) {
        long before = used.get();
        while (before + amount <= limit) {
            if (used.compareAndSet(before, before + amount)) {
                return true;
            }
            before = used.get();
        }
        return false;
    }
}
