// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.TerraceRuntime;
import java.nio.file.Path;

class KeyValueStoreOverInMemoryTest extends KeyValueStoreContract {

    @Override
    HighVolumeBackend open(Path directory, TerraceRuntime runtime) {
        return InMemoryRows.create(runtime);
    }
}
