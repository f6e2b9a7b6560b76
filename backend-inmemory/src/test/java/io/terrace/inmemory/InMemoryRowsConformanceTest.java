// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;
import io.terrace.testkit.runtime.ManualRuntime;

class InMemoryRowsConformanceTest extends HighVolumeConformanceTest {

    @Override
    protected BackendEnvironment<HighVolumeBackend> environment() {
        ManualRuntime clock = new ManualRuntime(1);
        return BackendEnvironment.of(clock, () -> InMemoryRows.create(clock));
    }
}
