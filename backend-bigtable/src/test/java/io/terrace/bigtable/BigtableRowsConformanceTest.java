// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;

/**
 * The same rules that rows in memory keep. That both are asked the same questions closes a hole of the reference, whose tests
 * ran on a store with other semantics (H23).
 */
class BigtableRowsConformanceTest extends HighVolumeConformanceTest {

    @Override
    protected BackendEnvironment<HighVolumeBackend> environment() {
        return new BigtableEnvironment();
    }
}
