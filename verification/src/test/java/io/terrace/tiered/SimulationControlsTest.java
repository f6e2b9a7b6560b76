// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth what it finds: with any one rule broken, it must find something. */
class SimulationControlsTest {

    private static final int MOST_SCHEDULES = 40_000;

    static List<SimulationControl> controls() {
        return SimulationControl.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controls")
    void aBrokenRuleIsNoticed(SimulationControl control) {
        long schedule = 0;
        SimulatedWorld.Violation found = null;
        while (found == null && schedule < MOST_SCHEDULES) {
            found = violation(++schedule, control);
        }
        assertThat(found)
                .as("%s: nothing noticed in %d schedules", control.name(), schedule)
                .isNotNull();
        System.out.printf("simulation: %-32s noticed in schedule %d%n", control.name(), schedule);
    }

    private static SimulatedWorld.Violation violation(long seed, SimulationControl control) {
        try {
            Simulation.run(seed, control.rules(), control.family(), false);
            return null;
        } catch (SimulatedWorld.Violation violation) {
            return violation;
        }
    }
}
