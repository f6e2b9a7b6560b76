// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;
import org.junit.jupiter.api.Tag;

@Tag("docker")
class TestbenchConformanceTest extends LongTermConformanceTest {

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        return new GcsEnvironment(TestbenchServer.endpoint()) {
            @Override
            public LongTermBackend create() {
                return new WithoutUploads(super.create());
            }
        };
    }

    @Override
    protected String variant() {
        return "testbench";
    }
}
