// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Offers {@link JournalRows} under the name {@code journal}. */
public final class JournalProvider implements BackendProvider {

    static final Option<Path> PATH = Option.path("path", "The directory; made if it does not exist.");
    static final Option<Boolean> FSYNC =
            Option.flag("fsync", true, "Whether a write is on the disk before it is answered; false is for tests.");
    static final Option<Integer> MAX_WAITING =
            Option.integer("max-waiting", 256, 1, "How many writes wait at most; more are refused.");

    /** For {@link java.util.ServiceLoader}. */
    public JournalProvider() {}

    @Override
    public String name() {
        return JournalErrors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return Set.of(BackendRole.HIGH_VOLUME);
    }

    @Override
    public ConfigSchema options() {
        return ConfigSchema.of(PATH, FSYNC, MAX_WAITING);
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        if (!role.equals(BackendRole.HIGH_VOLUME)) {
            throw new ConfigurationException("A journal cannot be a " + role + " tier.");
        }
        return role.type().cast(open(config.get(PATH), config.get(FSYNC), config.get(MAX_WAITING), runtime));
    }

    static JournalRows open(Path directory, boolean fsync, int waiting, TerraceRuntime runtime) {
        try {
            return new JournalRows(new Journal(directory, fsync, waiting, runtime.nowMicros()), runtime);
        } catch (IOException failed) {
            throw new BackendUnavailableException(
                    JournalErrors.BACKEND,
                    "The journal in " + directory + " cannot be opened: " + failed,
                    Determinacy.NOT_APPLIED,
                    failed);
        }
    }
}
