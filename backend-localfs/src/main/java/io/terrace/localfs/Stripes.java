// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets one call at a time work on a stripe, without a thread that waits. Calls that depend on what was read before go first:
 * each call that overtakes them can make them fail, while a blind one only waits.
 */
final class Stripes {

    /** How many conditional calls go before a blind one that waits. */
    private static final int IN_A_ROW = 16;

    private final Map<Integer, Line> held = new ConcurrentHashMap<>();

    /**
     * Takes a stripe, or queues up for it.
     *
     * @param turn run by whoever releases the stripe when it is the caller's turn; short
     * @return whether the caller has it already; then {@code turn} is not run
     */
    boolean take(int stripe, boolean conditional, Runnable turn) {
        boolean[] taken = {false};
        held.compute(stripe, (number, line) -> {
            if (line == null) {
                taken[0] = true;
                return new Line();
            }
            (conditional ? line.conditional : line.blind).add(turn);
            return line;
        });
        return taken[0];
    }

    /** Hands the stripe to the next. */
    void release(int stripe) {
        Runnable[] next = {() -> {}};
        held.computeIfPresent(stripe, (number, line) -> {
            Runnable turn = line.next();
            if (turn == null) {
                return null;
            }
            next[0] = turn;
            return line;
        });
        next[0].run();
    }

    /** Those who wait for a stripe that is held. */
    private static final class Line {
        private final Queue<Runnable> conditional = new ArrayDeque<>(2);
        private final Queue<Runnable> blind = new ArrayDeque<>(2);
        private int inARow;

        @Nullable
        Runnable next() {
            if (conditional.isEmpty() || (inARow >= IN_A_ROW && !blind.isEmpty())) {
                inARow = 0;
                return blind.poll();
            }
            inARow++;
            return conditional.poll();
        }
    }
}
