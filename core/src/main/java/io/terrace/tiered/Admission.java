// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.AtCapacityException;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;

/**
 * Lets only so many operations, and so many bytes of small payloads, be under way at a time. Who finds no room waits in a
 * queue that is bounded in length and time, or is refused at once. Bulk work has a share of its own, so that it cannot push
 * others out.
 *
 * <p>What an operation needs it takes in one order, its place last: the payloads of writes that wait for memory keep no
 * place from reads.
 */
final class Admission {

    private final TerraceRuntime runtime;
    private final Limits limits;
    private final Limiter operations;
    private final Limiter bulk;
    private final Limiter payloads;
    private final Timeouts waits;
    private final Timeouts deadlines;
    private final Timeouts bodies;

    Admission(TerraceRuntime runtime, Limits limits) {
        this.runtime = runtime;
        this.limits = limits;
        this.operations = new Limiter(limits.operations(), limits.queue());
        this.bulk = new Limiter(limits.bulkOperations(), limits.operations());
        this.payloads = new Limiter(limits.payloadBytes(), limits.queue());
        this.waits = new Timeouts(runtime, true);
        this.deadlines = new Timeouts(runtime, false);
        this.bodies = new Timeouts(runtime, true);
    }

    TerraceRuntime runtime() {
        return runtime;
    }

    Limiter operations() {
        return operations;
    }

    Limiter bulk() {
        return bulk;
    }

    Limiter payloads() {
        return payloads;
    }

    Timeouts waits() {
        return waits;
    }

    /** Of operations that run. */
    Timeouts deadlines() {
        return deadlines;
    }

    /** Of open bodies. */
    Timeouts bodies() {
        return bodies;
    }

    /** Lets nothing expire any more. */
    void stop() {
        waits.stop();
        deadlines.stop();
        bodies.stop();
    }

    Duration operationTimeout() {
        return limits.operationTimeout();
    }

    Duration queueTimeout() {
        return limits.queueTimeout();
    }

    /** What to tell somebody for whom there is no room, and no place in the queue either. */
    AtCapacityException full(Limiter limiter) {
        return new AtCapacityException("The store is at capacity: " + describe(limiter) + ", and " + limiter.queued()
                + " operations wait already. Nothing was done; try again later, or raise the limit.");
    }

    /**
     * What to tell somebody who has waited long enough.
     *
     * @param within the timeout that has passed
     */
    AtCapacityException waitedTooLong(Limiter limiter, String within) {
        return new AtCapacityException("The store is at capacity: " + describe(limiter)
                + ", and that did not change within the " + within
                + ". Nothing was done; try again later, or raise the limit.");
    }

    private String describe(Limiter limiter) {
        if (limiter == payloads) {
            return "small payloads have taken up " + limiter.taken() + " of the payloadBudget of " + limiter.limit()
                    + " bytes";
        }
        return limiter == bulk
                ? "bulk work is using " + limiter.taken() + " of its share of " + limiter.limit()
                        + " of the maxOperations of " + limits.operations()
                : limiter.taken() + " of the maxOperations of " + limiter.limit() + " are under way";
    }
}
