// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.rocksdb.RocksDbRows;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.nio.file.Path;

class KeyValueStoreOverRocksDbTest extends KeyValueStoreContract {

    @Override
    HighVolumeBackend open(Path directory, TerraceRuntime runtime) {
        return RocksDbRows.builder(directory, runtime).build();
    }
}
