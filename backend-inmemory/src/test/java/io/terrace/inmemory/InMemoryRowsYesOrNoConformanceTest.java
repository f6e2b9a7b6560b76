// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;
import io.terrace.testkit.runtime.ManualRuntime;

/** As a store that answers a conditional write with yes or no only. */
class InMemoryRowsYesOrNoConformanceTest extends HighVolumeConformanceTest {

    @Override
    protected BackendEnvironment<HighVolumeBackend> environment() {
        ManualRuntime clock = new ManualRuntime(1);
        return BackendEnvironment.of(
                clock, () -> InMemoryRows.builder(clock).reportObserved(false).build());
    }

    @Override
    protected String variant() {
        return "yes-or-no";
    }
}
