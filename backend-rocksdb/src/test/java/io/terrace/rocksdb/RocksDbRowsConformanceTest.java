// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RocksDbRowsConformanceTest extends HighVolumeConformanceTest {

    @TempDir
    Path directory;

    @Override
    protected BackendEnvironment<HighVolumeBackend> environment() {
        return new RocksDbEnvironment(directory);
    }
}
