// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

/** Rows of which each has one call at a time, so that a write knows which version is there. They are used in turns. */
final class FreeRows {

    /** More than calls are ever under way. */
    static final int COUNT = 64;

    private final int[] rows = new int[COUNT];
    private long taken;
    private long given = COUNT;

    FreeRows() {
        for (int i = 0; i < COUNT; i++) {
            rows[i] = i;
        }
    }

    synchronized int take() {
        return rows[(int) (taken++ % COUNT)];
    }

    synchronized void giveBack(int row) {
        rows[(int) (given++ % COUNT)] = row;
    }
}
