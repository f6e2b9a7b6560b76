// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The situations that a register can be in. One that differs from another only in that more writes of unknown outcome have
 * taken effect is left out: those were not obliged to, and may be needed later.
 */
final class Situations {

    /**
     * A state of the register, and which operations under way have taken effect, as sets of their slots.
     *
     * @param state the state
     * @param settled the operations that must take effect before they return, and have
     * @param spent the writes of unknown outcome that have taken effect
     */
    record Situation(Object state, BigInteger settled, BigInteger spent) {
        boolean has(int slot) {
            return settled.testBit(slot) || spent.testBit(slot);
        }
    }

    private record Group(Object state, BigInteger settled) {}

    private final Map<Group, List<BigInteger>> groups = new HashMap<>();
    private int size;

    /** False if it is no better than one that is here already. */
    boolean add(Situation situation) {
        List<BigInteger> spent =
                groups.computeIfAbsent(new Group(situation.state, situation.settled), g -> new ArrayList<>(1));
        for (BigInteger less : spent) {
            if (less.andNot(situation.spent).signum() == 0) {
                return false;
            }
        }
        size -= spent.size();
        spent.removeIf(more -> situation.spent.andNot(more).signum() == 0);
        spent.add(situation.spent);
        size += spent.size();
        return true;
    }

    int size() {
        return size;
    }

    List<Situation> all() {
        List<Situation> all = new ArrayList<>(size);
        groups.forEach(
                (group, ways) -> ways.forEach(spent -> all.add(new Situation(group.state, group.settled, spent))));
        return all;
    }

    Situations map(UnaryOperator<Situation> change) {
        Situations changed = new Situations();
        all().forEach(situation -> changed.add(change.apply(situation)));
        return changed;
    }
}
