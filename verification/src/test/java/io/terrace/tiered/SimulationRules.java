// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * What the simulated system obeys. The default is everything; a negative control breaks one thing.
 *
 * @param engine the rules inside the engine
 * @param stores what stands between the engine and the row table, which has to keep its contract
 * @param markerRetention how long the row table keeps markers
 * @param sweeps whether the sweeper runs before orphans are counted, in runs that may leave some
 * @param pinBeforeRead whether a checkpoint pins before it reads
 */
record SimulationRules(
        Rules engine,
        BiFunction<InMemoryRows, ManualRuntime, HighVolumeBackend> stores,
        Duration markerRetention,
        boolean sweeps,
        boolean pinBeforeRead) {

    static final SimulationRules ALL =
            new SimulationRules(Rules.ALL, (rows, runtime) -> rows, Duration.ofHours(25), true, true);

    SimulationRules withEngine(Rules rules) {
        return new SimulationRules(rules, stores, markerRetention, sweeps, pinBeforeRead);
    }

    SimulationRules withStores(BiFunction<InMemoryRows, ManualRuntime, HighVolumeBackend> wrong) {
        return new SimulationRules(engine, wrong, Duration.ZERO, sweeps, pinBeforeRead);
    }

    /** Wrong in something that has nothing to do with markers. */
    SimulationRules withLastingStores(BiFunction<InMemoryRows, ManualRuntime, HighVolumeBackend> wrong) {
        return new SimulationRules(engine, wrong, markerRetention, sweeps, pinBeforeRead);
    }

    SimulationRules withoutSweeps() {
        return new SimulationRules(engine, stores, markerRetention, false, pinBeforeRead);
    }

    SimulationRules withPinAfterRead() {
        return new SimulationRules(engine, stores, markerRetention, sweeps, false);
    }

    /** The markers of the table go whenever they are collected, whatever is under way. */
    SimulationRules withEarlyCollection() {
        return new SimulationRules(engine, WrongRows.Plain::new, Duration.ZERO, sweeps, pinBeforeRead);
    }
}
