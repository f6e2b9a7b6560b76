// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Journals for the kit, one for each test, on a clock that the tests move. */
final class JournalEnvironment implements BackendEnvironment<HighVolumeBackend> {

    private final Path directory;
    private final ManualRuntime clock = new ManualRuntime(1);

    JournalEnvironment(Path directory) {
        this.directory = directory;
    }

    @Override
    public HighVolumeBackend create() {
        return JournalProvider.open(directory.resolve("first"), false, 256, clock);
    }

    /** A copy of the file, as it is now, is what a process leaves that is killed now. */
    @Override
    public HighVolumeBackend reopen(HighVolumeBackend killed) {
        try {
            Path second = Files.createDirectory(directory.resolve("second"));
            Files.copy(directory.resolve("first/journal"), second.resolve("journal"));
            cleanup(killed);
            return JournalProvider.open(second, false, 256, clock);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Optional<ManualRuntime> clock() {
        return Optional.of(clock);
    }
}
