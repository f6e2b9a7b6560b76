// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ConfigurationException;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.TerraceRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Offers {@link LocalFs} under the name {@code localfs}. */
public final class LocalFsProvider implements BackendProvider {

    static final Option<Path> PATH = Option.path("path", "The directory; made if it does not exist.");
    static final Option<Fsync> FSYNC = new Option<>(
            "fsync",
            "`always` or `never`",
            "Whether a write is on the disk before it is acknowledged: always, or never, for tests and measurements only.",
            Fsync::parse,
            Fsync.ALWAYS.toString(),
            false);
    static final Option<Duration> MARKER_RETENTION = Option.duration(
            "marker-retention",
            LocalFs.DEFAULT_RETENTION,
            "How long a deleted row is remembered; longer than any operation may take.");
    static final Option<Duration> LOCK_WAIT = Option.duration(
            "lock-wait",
            LocalFs.DEFAULT_LOCK_WAIT,
            "How long a write waits for another process that works on its row.");
    static final Option<Integer> IO_THREADS = Option.integer(
            "io-threads", LocalFs.DEFAULT_THREADS, 1, "How many threads wait for the disk, for each role.");
    static final Option<Integer> IO_QUEUE = Option.integer(
            "io-queue", LocalFs.DEFAULT_QUEUE, 1, "How many calls each role takes on at a time; more are refused.");
    static final Option<Integer> LOG_ENTRIES = Option.integer(
            "log-entries", LocalFs.DEFAULT_LOG_ENTRIES, 1, "How many changes in flight the change log holds at most.");

    private static final ConfigSchema SCHEMA =
            ConfigSchema.of(PATH, FSYNC, MARKER_RETENTION, LOCK_WAIT, IO_THREADS, IO_QUEUE, LOG_ENTRIES);

    /** For {@link java.util.ServiceLoader}. */
    public LocalFsProvider() {}

    @Override
    public String name() {
        return LocalFsErrors.BACKEND;
    }

    @Override
    public Set<BackendRole<?>> roles() {
        return BackendRole.all();
    }

    @Override
    public ConfigSchema options() {
        return SCHEMA;
    }

    @Override
    public UrlForm urlForm() {
        return UrlForm.path(PATH.name());
    }

    @Override
    public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
        LocalFs directory = LocalFs.builder(config.get(PATH), runtime)
                .fsync(config.get(FSYNC))
                .markerRetention(config.get(MARKER_RETENTION))
                .lockWait(config.get(LOCK_WAIT))
                .ioThreads(config.get(IO_THREADS))
                .ioQueue(config.get(IO_QUEUE))
                .logEntries(config.get(LOG_ENTRIES))
                .build();
        return role.type().cast(open(directory, role));
    }

    private static Backend open(LocalFs directory, BackendRole<?> role) {
        if (role.equals(BackendRole.HIGH_VOLUME)) {
            return directory.rows();
        }
        if (role.equals(BackendRole.LONG_TERM)) {
            return directory.blobs();
        }
        if (role.equals(BackendRole.CHANGE_LOG)) {
            return directory.changeLog();
        }
        throw new ConfigurationException("A local directory cannot be a " + role + " tier.");
    }
}
