// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.LongTermWireTest;
import io.terrace.testkit.WiredEnvironment;

class GcsWireTest extends LongTermWireTest {

    @Override
    protected int largeBytes() {
        return (4 << 20) + 1;
    }

    @Override
    protected WiredEnvironment<LongTermBackend> environment() {
        return new GcsWiredEnvironment(GcsServer.endpoint());
    }
}
