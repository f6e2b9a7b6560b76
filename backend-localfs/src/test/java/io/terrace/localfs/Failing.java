// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.localfs.Failpoint.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Counts the steps of durable writes, remembers them in order, and makes the ones fail that it is told to. */
final class Failing implements Failpoint {

    private final Map<Step, String> failures = Collections.synchronizedMap(new EnumMap<>(Step.class));
    private final List<Step> steps = Collections.synchronizedList(new ArrayList<>());
    private volatile Predicate<Path> where = path -> true;

    /** From now on, with an error of this text. */
    void fail(Step step, String text) {
        failures.put(step, text);
    }

    void failOnlyAt(Predicate<Path> where) {
        this.where = where;
    }

    void repair() {
        failures.clear();
    }

    List<Step> steps() {
        synchronized (steps) {
            return List.copyOf(steps);
        }
    }

    void forget() {
        steps.clear();
    }

    long count(Step step) {
        return steps().stream().filter(taken -> taken == step).count();
    }

    @Override
    public void at(Step step, Path path) throws IOException {
        steps.add(step);
        String text = failures.get(step);
        if (text != null && where.test(path)) {
            throw new IOException(text);
        }
    }
}
