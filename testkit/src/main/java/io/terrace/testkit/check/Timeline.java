// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.List;
import java.util.TreeSet;

/** Draws operations, one line each, time from left to right; only the order of the moments is to scale. */
final class Timeline {

    private Timeline() {}

    static String draw(List<Operation> operations) {
        TreeSet<Long> moments = new TreeSet<>();
        int label = 0;
        for (Operation operation : operations) {
            moments.add(operation.invoked());
            if (!operation.isOpen()) {
                moments.add(operation.returned());
            }
            label = Math.max(label, operation.label().length());
        }
        List<Long> columns = List.copyOf(moments);
        StringBuilder picture = new StringBuilder();
        for (Operation operation : operations) {
            int from = columns.indexOf(operation.invoked());
            int to = operation.isOpen() ? columns.size() : columns.indexOf(operation.returned());
            picture.append(String.format("  #%-5d ", operation.number()))
                    .append(" ".repeat(from))
                    .append('[')
                    .append("-".repeat(to - from - 1))
                    .append(operation.isOpen() ? '?' : ']')
                    .append(" ".repeat(columns.size() - to + 2))
                    .append(operation.label())
                    .append(" ".repeat(label - operation.label().length() + 2))
                    .append(operation.answer())
                    .append('\n');
        }
        return picture.toString();
    }
}
