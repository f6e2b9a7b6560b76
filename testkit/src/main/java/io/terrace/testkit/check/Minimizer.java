// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Leaves operations out of an inexplicable history as long as the rest stays inexplicable.
 *
 * <p>Only what can be left out of an <em>explicable</em> history without making it inexplicable: a read, and a write whose
 * state no remaining read has found. Else the rest would prove nothing about the whole.
 */
final class Minimizer {

    private Minimizer() {}

    static List<Operation> minimize(List<Operation> inexplicable) {
        List<Operation> rest = inexplicable;
        for (int chunk = Math.max(1, rest.size() / 2); chunk > 0; chunk = chunk / 2) {
            rest = withoutChunksOf(chunk, rest);
        }
        // Once more one by one: what was needed by an operation that is gone may go too.
        for (int before = rest.size() + 1; rest.size() < before; ) {
            before = rest.size();
            rest = withoutChunksOf(1, rest);
        }
        return rest;
    }

    private static List<Operation> withoutChunksOf(int size, List<Operation> operations) {
        List<Operation> rest = operations;
        for (int from = rest.size() - size; from > -size; from -= size) {
            List<Operation> chunk = rest.subList(Math.max(0, from), Math.min(rest.size(), from + size));
            List<Operation> fewer = without(chunk, rest);
            if (fewer.size() < rest.size() && RegisterSearch.firstInexplicable(fewer) != null) {
                rest = fewer;
            }
        }
        return rest;
    }

    private static List<Operation> without(List<Operation> chunk, List<Operation> all) {
        Set<Operation> candidates = new HashSet<>(chunk);
        List<Operation> rest = new ArrayList<>(all);
        rest.removeIf(operation -> !operation.write() && candidates.contains(operation));
        Set<Object> found = new HashSet<>();
        rest.stream().filter(operation -> !operation.write()).forEach(read -> found.add(read.state()));
        rest.removeIf(operation -> operation.write() && candidates.contains(operation) && !operation.isFoundIn(found));
        return rest;
    }
}
