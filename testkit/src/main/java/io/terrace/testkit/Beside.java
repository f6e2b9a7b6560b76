// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Checks while something else goes on beside them, and makes sure that it really does: even on one busy processor. */
final class Beside {

    private static final int CHECKS = 40;

    private Beside() {}

    /** Repeats both, each on a thread of its own. The disturbance is handed its number. */
    static void of(IntConsumer disturbance, Runnable check) {
        of(1, disturbance, check);
    }

    /** The same with several threads that disturb; each number is handed out once. */
    static void of(int disturbers, IntConsumer disturbance, Runnable check) {
        AtomicInteger disturbed = new AtomicInteger();
        AtomicInteger disturbing = new AtomicInteger(disturbers);
        AtomicBoolean checking = new AtomicBoolean(true);
        List<Callable<Integer>> racers = new ArrayList<>();
        for (int i = 0; i < disturbers; i++) {
            racers.add(() -> {
                try {
                    while (checking.get()) {
                        disturbance.accept(disturbed.getAndIncrement());
                    }
                } finally {
                    disturbing.decrementAndGet();
                }
                return 0;
            });
        }
        racers.add(() -> {
            try {
                for (int i = 0; i < CHECKS; i++) {
                    // One more than there are threads: then at least one has been completed since the last check.
                    int next = disturbed.get() + disturbers + 1;
                    while (disturbed.get() < next && disturbing.get() > 0) {
                        Thread.onSpinWait();
                    }
                    check.run();
                }
            } finally {
                checking.set(false);
            }
            return 0;
        });
        Race.of(racers);
    }
}
