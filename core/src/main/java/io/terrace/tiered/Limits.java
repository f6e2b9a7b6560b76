// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.CallOptions;
import java.time.Duration;
import java.util.List;

/**
 * How much may be under way at a time; {@link TieredObjectStoreBuilder} documents and checks each.
 *
 * @param operations operations that run
 * @param queue operations that wait for their turn
 * @param queueTimeout how long one of them waits at most
 * @param bulkShare the part of the operations that bulk work may take, from 0 to 1
 * @param payloadBytes bytes of small payloads that are in memory
 * @param operationTimeout how long an operation runs without an answer and without progress of its payload
 */
record Limits(
        int operations,
        int queue,
        Duration queueTimeout,
        double bulkShare,
        long payloadBytes,
        Duration operationTimeout) {

    private static final Duration LONGEST = CallOptions.LONGEST;

    static final Limits DEFAULTS =
            new Limits(500, 512, Duration.ofSeconds(2), 0.6, 64L * 1024 * 1024, Duration.ofMinutes(1));

    Limits operations(int most) {
        return new Limits(most, queue, queueTimeout, bulkShare, payloadBytes, operationTimeout);
    }

    Limits queue(int most, Duration timeout) {
        return new Limits(operations, most, timeout, bulkShare, payloadBytes, operationTimeout);
    }

    Limits bulkShare(double share) {
        return new Limits(operations, queue, queueTimeout, share, payloadBytes, operationTimeout);
    }

    Limits payloadBytes(long most) {
        return new Limits(operations, queue, queueTimeout, bulkShare, most, operationTimeout);
    }

    Limits operationTimeout(Duration longest) {
        return new Limits(operations, queue, queueTimeout, bulkShare, payloadBytes, longest);
    }

    /** Adds what is wrong with these. */
    void check(List<String> problems, int inlineThreshold) {
        if (operations < 1) {
            problems.add("maxOperations is " + operations + ", but must be at least 1");
        }
        if (queue < 0) {
            problems.add("the queue is " + queue + ", but must not be negative; with 0 nobody waits");
        }
        if (queueTimeout.isNegative() || queueTimeout.compareTo(LONGEST) > 0) {
            problems.add("the timeout of the queue is " + queueTimeout + ", but must be from 0 to " + LONGEST);
        }
        if (operationTimeout.compareTo(Duration.ZERO) <= 0
                || (operationTimeout.compareTo(LONGEST) > 0 && !operationTimeout.equals(Timeouts.NEVER))) {
            problems.add("operationTimeout is " + operationTimeout + ", but must be longer than zero and at most "
                    + LONGEST);
        }
        if (!(bulkShare >= 0 && bulkShare <= 1)) {
            problems.add("bulkShare is " + bulkShare + ", but must be from 0 to 1");
        }
        if (payloadBytes < inlineThreshold || payloadBytes < 0) {
            problems.add("payloadBudget is " + payloadBytes + " bytes, but must be at least the inlineThreshold of "
                    + inlineThreshold);
        }
    }

    /** How many operations of bulk work may run: at least one, so that it always gets on. */
    int bulkOperations() {
        return (int) Math.max(1, Math.min(operations, Math.ceil(operations * bulkShare)));
    }
}
