// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.util.Map;

class GcsProviderConformanceTest extends ProviderConformanceTest {

    @Override
    protected BackendProvider provider() {
        return new GcsProvider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        return Map.of("bucket", GcsServer.newBucket(), "endpoint", GcsServer.endpoint(), "prefix", "kit");
    }
}
