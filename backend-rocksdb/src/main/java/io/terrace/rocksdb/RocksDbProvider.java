// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.util.Set;

/** Offers {@link RocksDbRows} under the name {@code rocksdb}. */
public final class RocksDbProvider implements BackendProvider {

    /** For the {@link java.util.ServiceLoader}. */
    public RocksDbProvider() {}

    @Override
    public String name() {
        return RocksDbErrors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.HIGH_VOLUME);
    }

    @Override
    public ConfigSchema options() {
        return RocksDbOptions.SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.path(RocksDbOptions.PATH.name());
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        return role.type()
                .cast(RocksDbRows.builder(config.get(RocksDbOptions.PATH), runtime)
                        .fsync(config.get(RocksDbOptions.FSYNC))
                        .markerRetention(config.get(RocksDbOptions.MARKER_RETENTION))
                        .blockCacheBytes(config.get(RocksDbOptions.BLOCK_CACHE))
                        .writeBufferBytes(config.get(RocksDbOptions.WRITE_BUFFERS))
                        .readThreads(config.get(RocksDbOptions.READ_THREADS))
                        .readQueue(config.get(RocksDbOptions.READ_QUEUE))
                        .writeQueue(config.get(RocksDbOptions.WRITE_QUEUE))
                        .build());
    }
}
