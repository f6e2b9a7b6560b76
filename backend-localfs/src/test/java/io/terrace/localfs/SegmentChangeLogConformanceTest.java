// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.ChangeLog;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.ChangeLogConformanceTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SegmentChangeLogConformanceTest extends ChangeLogConformanceTest {

    @TempDir
    Path directory;

    @Override
    protected BackendEnvironment<ChangeLog> environment() {
        return new LocalFsEnvironment<>(directory, LocalFs::changeLog);
    }
}
