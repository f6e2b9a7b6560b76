// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.tiered.Rules.Rule;
import io.terrace.tiered.SimulationSchedule.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A negative control: the simulated system with one rule broken, which the simulation has to notice. That an adapter owns
 * up to having repeated a compare-and-set is not among them: it is a rule of the contract, and the kit checks it.
 *
 * @param name what is broken
 * @param rules what still holds
 * @param family the kind of run in which that can be noticed at all, if there is one for it; {@code null} for any kind
 */
record SimulationControl(
        String name, SimulationRules rules, @Nullable Family family) {

    private SimulationControl(String name, SimulationRules rules) {
        this(name, rules, null);
    }

    @Override
    public String toString() {
        return name;
    }

    static List<SimulationControl> all() {
        List<SimulationControl> all = new ArrayList<>();
        Arrays.stream(Rule.values())
                .map(rule -> new SimulationControl(
                        "without " + rule.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        SimulationRules.ALL.withEngine(Rules.ALL.without(rule)),
                        familyOf(rule)))
                .forEach(all::add);
        all.add(new SimulationControl("nobody sweeps", SimulationRules.ALL.withoutSweeps()));
        all.add(new SimulationControl("pin after read", SimulationRules.ALL.withPinAfterRead()));
        all.add(new SimulationControl("markers collected early", SimulationRules.ALL.withEarlyCollection()));
        all.add(new SimulationControl(
                "blind over expired tombstone", SimulationRules.ALL.withStores(WrongRows.BlindOverExpired::new)));
        all.add(new SimulationControl(
                "delete removes the row", SimulationRules.ALL.withStores(WrongRows.DeleteRemoves::new)));
        all.add(new SimulationControl(
                "store drops expired tombstones", SimulationRules.ALL.withStores(WrongRows.DropsExpired::new)));
        all.add(new SimulationControl(
                "touch revives the expired",
                SimulationRules.ALL.withLastingStores(WrongRows.TouchesExpired::new),
                Family.IDLE));
        return all;
    }

    private static @Nullable Family familyOf(Rule broken) {
        return switch (broken) {
            case BUMP_ABSENT, REBASE_VANISHED -> Family.ABSENT_AGAIN;
            case TOUCH_EXACTLY, CLOCK_BEFORE_ROW -> Family.IDLE;
            case PIN_CHECK_AFTER_COMMIT, PIN_CHECK_ON_ROLLBACK, PIN_RECHECK -> Family.PINNED;
            case COMPLETE_IS_RECORDED, TAKE_OVER_KEEPS_BASE, RECORD_CHECK, ABORT_FENCE -> Family.UPLOADS;
            case TAKE_OVER_REREADS -> Family.TAKEN_OVER;
            default -> null;
        };
    }
}
