// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.ProviderConformanceTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class RocksDbProviderConformanceTest extends ProviderConformanceTest {

    @TempDir
    Path directory;

    @Override
    protected BackendProvider provider() {
        return new RocksDbProvider();
    }

    @Override
    protected Map<String, String> options(BackendRole<?> role) {
        return Map.of("path", directory.resolve(role.label()).toString());
    }
}
