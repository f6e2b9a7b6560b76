// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.LongTermConformanceTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalFsBlobsConformanceTest extends LongTermConformanceTest {

    @TempDir
    Path directory;

    @Override
    protected BackendEnvironment<LongTermBackend> environment() {
        return new LocalFsEnvironment<>(directory, LocalFs::blobs);
    }
}
