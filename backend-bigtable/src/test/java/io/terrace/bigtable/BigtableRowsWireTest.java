// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.HighVolumeWireTest;
import io.terrace.testkit.WiredEnvironment;

/**
 * Unknown outcomes are told as such, and each call has a deadline: the reference repeated writes whose answer was lost (H11), and
 * had requests that could wait for ever (H20).
 */
class BigtableRowsWireTest extends HighVolumeWireTest {

    @Override
    protected WiredEnvironment<HighVolumeBackend> environment() {
        return new BigtableWiredEnvironment();
    }
}
