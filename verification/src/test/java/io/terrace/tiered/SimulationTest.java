// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The real engine in a simulated world, thousands of times.
 *
 * <p>{@code -Dterrace.simulation.schedules=N} runs more or fewer. A failure names its seed;
 * {@code ./mvnw -pl verification -am test -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dterrace.simulation.seed=S} runs that one again and prints every step.
 */
class SimulationTest {

    private static final int SCHEDULES = Integer.getInteger("terrace.simulation.schedules", 10_000);

    @Test
    void everyScheduleKeepsEveryPromise() {
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            Simulation.run(seed, SimulationRules.ALL, false);
        }
    }

    /** Other schedules than those of each build. */
    @Test
    @Tag("soak")
    void aMillionMoreSchedulesKeepEveryPromise() {
        for (long seed = SCHEDULES + 1L; seed <= SCHEDULES + 1_000_000L; seed++) {
            Simulation.run(seed, SimulationRules.ALL, false);
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "terrace.simulation.seed",
            matches = "\\d+",
            disabledReason = "no seed to replay was given")
    void replaysOneSeed() {
        Simulation.run(Long.getLong("terrace.simulation.seed"), SimulationRules.ALL, true);
    }
}
