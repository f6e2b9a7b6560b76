// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows in a directory of their own. Without fsync, which decides about power failures only and takes most of the time; the
 * test that kills a process has it.
 */
final class RocksDbEnvironment implements BackendEnvironment<HighVolumeBackend> {

    private final Path parent;
    private Path root;
    private final ManualRuntime clock = new ManualRuntime(1);
    private final List<HighVolumeBackend> abandoned = new ArrayList<>();

    RocksDbEnvironment(Path parent) {
        this.parent = parent;
        this.root = newDirectory();
    }

    @Override
    public HighVolumeBackend create() {
        return RocksDbRows.builder(root, clock).fsync(false).build();
    }

    /** On a copy: the files as another process would find them, without the lock that this one keeps. */
    @Override
    public HighVolumeBackend reopen(HighVolumeBackend backend) {
        abandoned.add(backend);
        Path copy = newDirectory();
        Samples.copy(root, copy);
        root = copy;
        return create();
    }

    @Override
    public void cleanup(HighVolumeBackend backend) {
        BackendEnvironment.super.cleanup(backend);
        abandoned.forEach(BackendEnvironment.super::cleanup);
        abandoned.clear();
    }

    private Path newDirectory() {
        try {
            return Files.createTempDirectory(parent, "store");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ManualRuntime> clock() {
        return Optional.of(clock);
    }
}
