// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.util.function.BooleanSupplier;

/** What happens to the bytes of one direction, of all connections. */
final class FaultyFlow {

    private boolean held;
    private long limit;
    private int cuts;
    private boolean inOrder;
    /** Which limit the connections count for: one that was set later begins anew. */
    private int epoch;

    /** How many bytes pass before one is changed; negative for none. */
    private long untilChange = -1;

    private long passed;
    private int made;

    /** How far a connection is within the limit that holds now. Guarded by the flow. */
    static final class Meter {
        private int epoch;
        private long bytes;
        private boolean waiting;
        private boolean endsInOrder;
    }

    synchronized void flow() {
        held = false;
        cuts = 0;
        untilChange = -1;
        notifyAll();
    }

    synchronized void hold() {
        held = true;
    }

    /** @param inOrder whether the connection is then closed as by its server, and not reset */
    synchronized void cutAfter(long bytes, int times, boolean inOrder) {
        limit = bytes;
        cuts = times;
        this.inOrder = inOrder;
        epoch++;
    }

    synchronized void changeAfter(long bytes) {
        untilChange = bytes;
    }

    synchronized long passed() {
        return passed;
    }

    /** How often it cut a connection. */
    synchronized int made() {
        return made;
    }

    /** Of a connection of which not all could pass: whether it is to be closed, and not reset. */
    synchronized boolean endsInOrder(Meter meter) {
        return meter.endsInOrder;
    }

    /** Whether something of that connection is kept back now. */
    synchronized boolean holds(Meter meter) {
        return meter.waiting;
    }

    /** Those who wait look again. */
    synchronized void wake() {
        notifyAll();
    }

    /**
     * Waits as long as bytes are held back, and says how many of these may pass: fewer than there are if the connection is to be
     * ended afterwards. One of them may be another one then.
     *
     * @param gone whether there is nobody left to wait for
     */
    synchronized int pass(Meter meter, byte[] buffer, int bytes, BooleanSupplier gone) throws InterruptedException {
        try {
            while (held && !gone.getAsBoolean()) {
                meter.waiting = true;
                wait();
            }
        } finally {
            meter.waiting = false;
        }
        if (gone.getAsBoolean()) {
            return 0;
        }
        int may = cuts > 0 ? withinLimit(meter, bytes) : bytes;
        if (untilChange >= 0 && untilChange < may) {
            buffer[(int) untilChange] ^= 1;
            untilChange = -1;
        } else if (untilChange >= 0) {
            untilChange -= may;
        }
        passed += may;
        return may;
    }

    private int withinLimit(Meter meter, int bytes) {
        if (meter.epoch != epoch) {
            meter.epoch = epoch;
            meter.bytes = 0;
        }
        if (meter.bytes + bytes <= limit) {
            meter.bytes += bytes;
            return bytes;
        }
        cuts--;
        made++;
        meter.endsInOrder = inOrder;
        return (int) (limit - meter.bytes);
    }
}
