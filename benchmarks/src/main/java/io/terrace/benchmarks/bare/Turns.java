// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Three sides that take turns: the bare client, Terrace, and once more the bare client, whose ratio to the first says how much
 * of a difference means nothing.
 */
final class Turns {

    /** Rounds that do not count. */
    private static final int WARM_UP = 2;

    private final List<Call> sides;
    private final List<List<Cost>> rounds = new ArrayList<>();

    /** @param sides the bare client, Terrace, the bare client */
    Turns(List<Call> sides) {
        this.sides = sides;
    }

    /** Each round begins with another side. */
    void run(int count, int calls, int inFlight) throws Exception {
        for (int round = 0; round < WARM_UP + count; round++) {
            Cost[] costs = new Cost[sides.size()];
            for (int turn = 0; turn < costs.length; turn++) {
                int side = (round + turn) % costs.length;
                costs[side] = Cost.of(sides.get(side), calls, inFlight);
            }
            if (round >= WARM_UP) {
                rounds.add(List.of(costs));
            }
        }
    }

    /** A line of a table: for each measure that of the bare client, and by how much Terrace and the control differ. */
    String line() {
        return String.join(
                " | ",
                compared("%,.0f B", Cost::bytes),
                compared("%,.0f us", Cost::micros),
                compared("%,.0f /s", Cost::perSecond));
    }

    private String compared(String format, ToDoubleFunction<Cost> measure) {
        double[] bare = sorted(round -> measure.applyAsDouble(round.get(0)));
        return String.format(Locale.ROOT, format, median(bare)) + " | " + ratios(measure, 1) + " | "
                + ratios(measure, 2);
    }

    private double[] sorted(ToDoubleFunction<List<Cost>> value) {
        double[] values = rounds.stream().mapToDouble(value).toArray();
        Arrays.sort(values);
        return values;
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    /** To the bare client. */
    private String ratios(ToDoubleFunction<Cost> measure, int side) {
        double[] ratios = sorted(round -> measure.applyAsDouble(round.get(side)) / measure.applyAsDouble(round.get(0)));
        return String.format(Locale.ROOT, "%.3f (%.2f to %.2f)", median(ratios), ratios[0], ratios[ratios.length - 1]);
    }
}
