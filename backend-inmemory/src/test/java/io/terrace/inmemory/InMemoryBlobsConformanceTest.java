// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;
import io.terrace.testkit.runtime.ManualRuntime;

class InMemoryBlobsConformanceTest extends LongTermConformanceTest {

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        return BackendEnvironment.of(new ManualRuntime(1), InMemoryBlobs::create);
    }
}
