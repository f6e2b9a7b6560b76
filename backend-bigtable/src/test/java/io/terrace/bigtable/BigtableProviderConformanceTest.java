// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.util.Map;

class BigtableProviderConformanceTest extends ProviderConformanceTest {

    @Override
    protected BackendProvider provider() {
        return new BigtableProvider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        BigtableServer server = BigtableServer.shared();
        return Map.of(
                "project",
                BigtableServer.PROJECT,
                "instance",
                BigtableServer.INSTANCE,
                "table",
                server.newTable(),
                "endpoint",
                server.endpoint());
    }
}
