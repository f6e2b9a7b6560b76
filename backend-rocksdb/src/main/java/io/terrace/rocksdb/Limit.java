// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls of a kind may be under way. */
final class Limit {

    private final int most;
    private final String option;
    private final AtomicInteger calls = new AtomicInteger();

    /** @param option what to raise if it is too low */
    Limit(int most, String option) {
        this.most = most;
        this.option = option;
    }

    /**
     * {@link #end} must follow.
     *
     * @throws io.terrace.AtCapacityException if there are too many
     */
    void begin() {
        if (calls.incrementAndGet() > most) {
            end();
            throw RocksDbErrors.full(most, option);
        }
    }

    void end() {
        calls.decrementAndGet();
    }
}
