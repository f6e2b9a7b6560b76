// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a {@link History} is linearizable: whether, for each key, every operation can be thought to have taken
 * effect at one moment between its beginning and its end, so that each read found what the last write before it had left.
 *
 * <p>An operation of unknown outcome may have taken effect at any time after its beginning, or never. One that was not
 * applied never did. Keys are judged apart, which is sound: linearizability is a property of each object by itself.
 *
 * <p>A long history costs little; many operations at once on one key cost much. A dozen is quick.
 */
public final class HistoryChecker {

    private HistoryChecker() {}

    /**
     * @throws AssertionError if the history is not linearizable; its message shows a small part of it that is not
     * @throws IllegalStateException if too many operations ran at once to tell
     */
    public static void assertLinearizable(History history) {
        List<Violation> violations = violations(history);
        if (!violations.isEmpty()) {
            StringBuilder message = new StringBuilder();
            violations.forEach(violation -> message.append(violation).append('\n'));
            throw new AssertionError(message.toString());
        }
    }

    /**
     * At most one violation for each key, none if the history is linearizable.
     *
     * @throws IllegalStateException if too many operations ran at once to tell
     */
    public static List<Violation> violations(History history) {
        List<Violation> violations = new ArrayList<>();
        for (Map.Entry<String, List<Operation>> key : history.snapshot().entrySet()) {
            Operation inexplicable = RegisterSearch.firstInexplicable(key.getValue());
            if (inexplicable != null) {
                List<Operation> core = Minimizer.minimize(upTo(inexplicable.returned(), key.getValue()));
                violations.add(new Violation(key.getKey(), core.size(), Timeline.draw(core)));
            }
        }
        return violations;
    }

    /** What had been seen at that moment; if all of it can be explained later, it could be explained then. */
    private static List<Operation> upTo(long moment, List<Operation> operations) {
        List<Operation> seen = new ArrayList<>();
        for (Operation operation : operations) {
            @Nullable Operation then = operation.invoked() < moment ? operation.before(moment) : null;
            if (then != null) {
                seen.add(then);
            }
        }
        return seen;
    }
}
