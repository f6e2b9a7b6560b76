// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;

class GcsBlobsConformanceTest extends LongTermConformanceTest {

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        return new GcsEnvironment(GcsServer.endpoint());
    }
}
