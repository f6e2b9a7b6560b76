// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;
import io.terrace.testkit.runtime.ManualRuntime;

class InMemoryBlobsConformanceTest extends LongTermConformanceTest {

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        ManualRuntime clock = new ManualRuntime(1);
        return BackendEnvironment.of(
                clock, () -> InMemoryBlobs.builder(clock).minPartBytes(1000).build());
    }
}
