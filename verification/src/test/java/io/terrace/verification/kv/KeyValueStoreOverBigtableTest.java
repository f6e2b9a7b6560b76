// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.bigtable.BigtableServer;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.nio.file.Path;

class KeyValueStoreOverBigtableTest extends KeyValueStoreContract {

    @Override
    HighVolumeBackend open(Path directory, TerraceRuntime runtime) {
        return BigtableServer.shared()
                .rows(BigtableServer.shared().newTable(), runtime)
                .build();
    }
}
