// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many repetitions a tier is still good for. Each step earns a tenth of one, and a few are there from the start, so that
 * single failures are always retried, and a tier that fails every time is sent a tenth more than it would be without retries.
 * It fills up again with the traffic: two hundred steps after the tier has healed it is full.
 */
final class RetryBudget {

    private static final int PRICE = 10;
    private static final int MOST = 20 * PRICE;

    private final AtomicInteger left = new AtomicInteger(MOST);

    /** A step is made. */
    void earn() {
        if (left.get() < MOST) {
            left.updateAndGet(now -> Math.min(MOST, now + 1));
        }
    }

    /** Whether a step may be repeated; takes what it costs. */
    boolean spend() {
        return left.getAndUpdate(now -> now < PRICE ? now : now - PRICE) >= PRICE;
    }
}
