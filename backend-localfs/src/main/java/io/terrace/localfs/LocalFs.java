// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A directory that can play every role. Rows and blobs may be opened any number of times and by any number of processes at
 * once; the change log by one process, once.
 *
 * <p>Each opened role has its own threads and is closed by itself. Opening one blocks, so it is not for an event loop.
 *
 * <p>The file {@code LOCK} in the directory must not be opened by anything else in this process, not even to copy it: on
 * POSIX systems, closing it releases all locks that the process has on it. It stays open as long as the process lives.
 */
public final class LocalFs {

    static final Duration DEFAULT_RETENTION = Duration.ofHours(25);
    static final Duration DEFAULT_LOCK_WAIT = Duration.ofSeconds(10);
    static final int DEFAULT_THREADS = 8;
    static final int DEFAULT_QUEUE = 4096;
    static final int DEFAULT_LOG_ENTRIES = 1_000_000;
    private static final long DEFAULT_COMPACTION_BYTES = 4L << 20;

    private final Path root;
    private final TerraceRuntime runtime;
    private final Fsync fsync;
    private final Duration retention;
    private final Duration lockWait;
    private final int threads;
    private final int queue;
    private final int logEntries;
    private final long logCompactionBytes;
    private final boolean rangeLocks;
    private final Failpoint failpoint;

    private LocalFs(Builder from) {
        this.root = from.root;
        this.runtime = from.runtime;
        this.fsync = from.fsync;
        this.retention = from.retention;
        this.lockWait = from.lockWait;
        this.threads = from.threads;
        this.queue = from.queue;
        this.logEntries = from.logEntries;
        this.logCompactionBytes = from.logCompactionBytes;
        this.rangeLocks = from.rangeLocks;
        this.failpoint = from.failpoint;
    }

    /** The directory with the defaults; nothing is opened yet. */
    public static LocalFs at(Path root, TerraceRuntime runtime) {
        return builder(root, runtime).build();
    }

    public static Builder builder(Path root, TerraceRuntime runtime) {
        return new Builder(root, runtime);
    }

    /**
     * Opens the rows. The directory is made if it does not exist.
     *
     * @throws io.terrace.ConfigurationException if the directory is not a store, is of another version, or cannot be used
     */
    public HighVolumeBackend rows() {
        return open("rows", threads, io -> {
            Layout layout = Layout.open(root, fsync, failpoint);
            return new LocalFsRows(
                    layout, io, runtime, retention, new Locked(layout.locks(), io, runtime, lockWait, rangeLocks));
        });
    }

    /**
     * Opens the blobs. The directory is made if it does not exist.
     *
     * @throws io.terrace.ConfigurationException if the directory is not a store, is of another version, or cannot be used
     */
    public LongTermBackend blobs() {
        return open("blobs", threads, io -> new LocalFsBlobs(Layout.open(root, fsync, failpoint), io, runtime));
    }

    /**
     * Opens the change log and reads it. The directory is made if it does not exist.
     *
     * @throws io.terrace.ConfigurationException if the directory is not a store, is of another version, or cannot be used,
     *     or if another process, or another instance in this one, has the change log open
     * @throws io.terrace.IntegrityException if an entry that was acknowledged cannot be read back
     */
    public ChangeLog changeLog() {
        return open("log", 1, io -> {
            Layout layout = Layout.open(root, fsync, failpoint);
            try {
                return LogOpening.open(layout, runtime, io, logEntries, logCompactionBytes);
            } catch (IOException e) {
                throw LocalFsErrors.of("opening the change log in '" + layout.log() + "'", e);
            }
        });
    }

    private <B> B open(String name, int threads, Opening<B> opening) {
        IoThreads io = new IoThreads(name, threads, queue);
        try {
            return io.callAndWait(() -> opening.open(io));
        } catch (RuntimeException | Error e) {
            io.closeLater().subscribe();
            throw e;
        }
    }

    private interface Opening<B> {
        B open(IoThreads io) throws Exception;
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private final Path root;
        private final TerraceRuntime runtime;
        private Fsync fsync = Fsync.ALWAYS;
        private Duration retention = DEFAULT_RETENTION;
        private Duration lockWait = DEFAULT_LOCK_WAIT;
        private int threads = DEFAULT_THREADS;
        private int queue = DEFAULT_QUEUE;
        private int logEntries = DEFAULT_LOG_ENTRIES;
        private long logCompactionBytes = DEFAULT_COMPACTION_BYTES;
        private boolean rangeLocks = true;
        private Failpoint failpoint = Failpoint.NONE;

        private Builder(Path root, TerraceRuntime runtime) {
            this.root = requireNonNull(root, "root");
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** Whether every write is forced to the disk before it is acknowledged; {@link Fsync#ALWAYS} by default. */
        public Builder fsync(Fsync fsync) {
            this.fsync = requireNonNull(fsync, "fsync");
            return this;
        }

        /**
         * How long a marker is kept after its last write; 25 hours by default. Counted in milliseconds. Must be longer than
         * any operation of the engine, clock skew included.
         */
        public Builder markerRetention(Duration retention) {
            this.retention = notNegative(retention, "markerRetention");
            return this;
        }

        /** How long a write waits for another process that holds the lock of the same row; 10 seconds by default. */
        public Builder lockWait(Duration wait) {
            this.lockWait = notNegative(wait, "lockWait");
            return this;
        }

        /** How many threads each role has for work that blocks; 8 by default. */
        public Builder ioThreads(int threads) {
            this.threads = atLeastOne(threads, "ioThreads");
            return this;
        }

        /** How many calls each role takes on at a time; more are refused. 4096 by default. */
        public Builder ioQueue(int calls) {
            this.queue = atLeastOne(calls, "ioQueue");
            return this;
        }

        /** How many entries the change log holds at most, in memory and on the disk; a million by default. */
        public Builder logEntries(int entries) {
            this.logEntries = atLeastOne(entries, "logEntries");
            return this;
        }

        /** For the test that shows what is lost then. */
        Builder withoutRangeLocks() {
            this.rangeLocks = false;
            return this;
        }

        Builder logCompactionBytes(long bytes) {
            this.logCompactionBytes = bytes;
            return this;
        }

        Builder failpoint(Failpoint failpoint) {
            this.failpoint = failpoint;
            return this;
        }

        public LocalFs build() {
            return new LocalFs(this);
        }

        private static Duration notNegative(Duration value, String name) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative, but is " + value + ".");
            }
            return value;
        }

        private static int atLeastOne(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, but is " + value + ".");
            }
            return value;
        }
    }
}
