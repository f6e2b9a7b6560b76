// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.localfs.LocalFs;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.nio.file.Path;

class KeyValueStoreOverLocalFsTest extends KeyValueStoreContract {

    @Override
    HighVolumeBackend open(Path directory, TerraceRuntime runtime) {
        return LocalFs.at(directory, runtime).rows();
    }
}
