// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is using native memory. Touching it after it was freed would end the process, so whoever does holds a use, none is
 * given when the store is closed, and it is freed when the last one is given back.
 */
final class Uses {

    /** One for being open, one for each use. */
    private final AtomicInteger uses = new AtomicInteger(1);

    private final AtomicBoolean closing = new AtomicBoolean();
    private final Runnable whenOver;
    private volatile boolean closed;

    /** @param whenOver run at least once, when {@link #isOver}; does not block */
    Uses(Runnable whenOver) {
        this.whenOver = whenOver;
    }

    /**
     * {@link #release} must follow.
     *
     * @throws io.terrace.BackendUnavailableException if the store is closed
     */
    void hold() {
        uses.incrementAndGet();
        if (closed) {
            release();
            throw RocksDbErrors.closed();
        }
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            whenOver.run();
        }
    }

    /** Gives no more. */
    void close() {
        if (!closing.getAndSet(true)) {
            closed = true;
            release();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether nobody has one and nobody gets one any more. Stays so: who comes late counts for a moment, and is refused. */
    boolean isOver() {
        return closed && uses.get() == 0;
    }
}
