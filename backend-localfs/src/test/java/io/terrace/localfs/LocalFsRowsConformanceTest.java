// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFsRowsConformanceTest extends HighVolumeConformanceTest {

    @TempDir
    Path directory;

    @Override
    protected BackendEnvironment<HighVolumeBackend> environment() {
        return new LocalFsEnvironment<>(directory, LocalFs::rows);
    }
}
