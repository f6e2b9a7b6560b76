// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.util.Map;

class InMemoryProviderConformanceTest extends ProviderConformanceTest {

    @Override
    protected BackendProvider provider() {
        return new InMemoryProvider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        return Map.of();
    }
}
