// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.WiredEnvironment;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Tag;

@Tag("docker")
class TestbenchWireTest extends GcsWireTest {

    @Override
    protected WiredEnvironment<LongTermBackend> environment() {
        return new GcsWiredEnvironment(TestbenchServer.endpoint()) {
            @Override
            public LongTermBackend through(InetSocketAddress address) {
                return new WithoutUploads(super.through(address));
            }
        };
    }

    @Override
    protected String variant() {
        return "testbench";
    }
}
