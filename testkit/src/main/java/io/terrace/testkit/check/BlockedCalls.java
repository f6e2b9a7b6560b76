// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;

/** What BlockHound has found. The error alone can be lost: it goes to the subscriber like any other, who may handle it. */
final class BlockedCalls {

    /** One is enough to fail a test; more only help to see what else is wrong. */
    private static final int KEPT = 20;

    private static final Queue<Throwable> FOUND = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private BlockedCalls() {}

    static void report(BlockingMethod method) {
        BlockingOperationError error = new BlockingOperationError(method);
        if (!(Thread.currentThread() instanceof BlockingTrial) && COUNT.getAndIncrement() < KEPT) {
            FOUND.add(error);
        }
        throw error;
    }

    /** All that were found since the last time; they are forgotten. */
    static List<Throwable> drain() {
        List<Throwable> found = new ArrayList<>();
        for (Throwable next = FOUND.poll(); next != null; next = FOUND.poll()) {
            found.add(next);
        }
        COUNT.set(0);
        return found;
    }
}
