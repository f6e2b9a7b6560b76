// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.time.Duration;

/**
 * How much may be under way at a time; {@link StoreOptions} checks each.
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

    Limits operationTimeout(Duration longest) {
        return new Limits(operations, queue, queueTimeout, bulkShare, payloadBytes, longest);
    }

    /** How many operations of bulk work may run: at least one, so that it always gets on. */
    int bulkOperations() {
        return (int) Math.max(1, Math.min(operations, Math.ceil(operations * bulkShare)));
    }
}
