// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static java.util.Objects.requireNonNull;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.OnDemand;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows in a RocksDB of this process. A directory is open once at a time, by one process.
 *
 * <p>Writes go through one thread that decides them one after another and makes all that have come durable together. A row
 * that is in memory is read on the caller's thread; others are read on threads of this backend, on which the answer then
 * comes. Answers of writes come on threads of this backend.
 *
 * <p>Memory outside the heap is bounded by the block cache and the write buffers. Opening blocks, so it is not for an event
 * loop. Closing waits for the calls under way, then frees what RocksDB holds.
 */
public final class RocksDbRows implements HighVolumeBackend, MultiRowReads, RowListing, MarkerCollection {

    private static final int MAX_ROWS = 256;
    /** How many rows of one call are read ahead of the demand: heads are small, payloads may not be. */
    private static final int HEADS_AT_A_TIME = 32;

    private static final int ROWS_AT_A_TIME = 4;
    private static final int COLLECTED_AT_A_TIME = 256;

    private final TerraceRuntime runtime;
    private final Duration retention;
    private final RowChanges changes;
    private final Opened store;

    private RocksDbRows(Builder from) {
        this.runtime = from.runtime;
        this.retention = from.retention;
        this.changes = new RowChanges(runtime, retention);
        this.store = Opened.open(from);
    }

    public static Builder builder(Path directory, TerraceRuntime runtime) {
        return new Builder(directory, runtime);
    }

    @Override
    public String name() {
        return RocksDbErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        requireNonNull(id, "id");
        boolean full = requireNonNull(projection, "projection") == RowProjection.FULL;
        return Mono.defer(() -> {
            RowKey key = new RowKey(id);
            Supplier<String> what = () -> "reading the row of " + key;
            RowReader.Attempt quick = store.reads().inPlace(what, database -> RowReader.inMemory(database, key, full));
            Row row = quick.row();
            return row != null
                    ? Mono.just(row)
                    : store.reads().call(what, database -> RowReader.read(database, key, full, quick.head()));
        });
    }

    @Override
    public int maxRows() {
        return MAX_ROWS;
    }

    @Override
    public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
        boolean full = requireNonNull(projection, "projection") == RowProjection.FULL;
        if (ids.size() > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "There are " + ids.size() + " ids, but one call takes at most " + MAX_ROWS + ".");
        }
        return Flux.defer(() -> Flux.fromIterable(new LinkedHashSet<>(ids)))
                .buffer(full ? ROWS_AT_A_TIME : HEADS_AT_A_TIME)
                .concatMap(some -> store.reads().call(() -> "reading rows", database -> found(database, some, full)), 0)
                .concatMapIterable(found -> found, 1);
    }

    private static List<FoundRow> found(Database database, List<ObjectId> ids, boolean full)
            throws org.rocksdb.RocksDBException {
        List<FoundRow> found = new ArrayList<>();
        for (ObjectId id : ids) {
            // Not the library's multiGetAsList, which takes a row that cannot be read for one that is absent.
            Row row = RowReader.read(database, new RowKey(id), full, null);
            if (row != null) {
                found.add(new FoundRow(id, row));
            }
        }
        return found;
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        requireNonNull(writeId, "writeId");
        requireNonNull(object, "object");
        return write(id, key -> changes.put(key, writeId, object));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        requireNonNull(writeId, "writeId");
        return write(id, key -> changes.delete(key, writeId));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        requireNonNull(expected, "expected");
        requireNonNull(write, "write");
        return write(id, key -> changes.compareAndSet(key, expected, write));
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        requireNonNull(expected, "expected");
        requireNonNull(change, "change");
        return write(id, key -> changes.bump(key, expected.version(), change));
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        requireNonNull(prefix, "prefix");
        requireNonNull(after, "after");
        return OnDemand.read(() -> new RowScan(store.reads(), prefix, after));
    }

    @Override
    public Duration retention() {
        return retention;
    }

    @Override
    public Mono<Long> collectMarkers() {
        return OnDemand.read(() -> new ExpiryScan(store.reads(), runtime.nowMicros()))
                .buffer(COLLECTED_AT_A_TIME)
                .concatMap(some -> store.committer().submit(() -> "collecting rows", () -> changes.collect(some)), 1)
                .reduce(0L, Long::sum);
    }

    /**
     * Copies all rows, as of one moment, into another directory, which can be opened like this one. The store may be in use
     * meanwhile. On the same file system files are linked, so that a copy takes little time and, at first, little room.
     *
     * <p>Absent: the directory is made. Exists: an error, unless it is empty. Atomic: until the end it is no store that opens
     * by itself. Idempotent: no, the second one finds the first. On cancel: not begun, or made to the end. On error: what was
     * made remains, remove it. Demand: none. Threads: one of this backend. Signals:
     * {@link io.terrace.ConfigurationException} if the directory cannot be used, {@link io.terrace.TransientException} if
     * RocksDB fails.
     */
    public Mono<Void> copyTo(Path directory) {
        requireNonNull(directory, "directory");
        return store.reads().call(() -> "copying all rows to " + directory, database -> {
            StoreDirectory target = StoreDirectory.forCopy(directory);
            database.copyTo(target.files());
            try {
                target.complete();
            } catch (IOException e) {
                throw RocksDbErrors.ofOpening(directory, null, e);
            }
            return null;
        });
    }

    @Override
    public Mono<Health> check() {
        return store.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return store.closeLater();
    }

    private <T> Mono<T> write(ObjectId id, Function<RowKey, Operation<T>> operation) {
        requireNonNull(id, "id");
        return store.committer().submit(() -> "writing the row of " + id, () -> operation.apply(new RowKey(id)));
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        final Path directory;
        final TerraceRuntime runtime;
        boolean fsync = true;
        Duration retention = RocksDbOptions.DEFAULT_RETENTION;
        long blockCacheBytes = RocksDbOptions.DEFAULT_BLOCK_CACHE;
        long writeBufferBytes = RocksDbOptions.DEFAULT_WRITE_BUFFERS;
        int readThreads = RocksDbOptions.DEFAULT_THREADS;
        int readQueue = RocksDbOptions.DEFAULT_QUEUE;
        int writeQueue = RocksDbOptions.DEFAULT_QUEUE;
        WriteStep writeStep = WriteStep.DIRECT;

        private Builder(Path directory, TerraceRuntime runtime) {
            this.directory = requireNonNull(directory, "directory");
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /**
         * Whether every write is forced to the disk before it is acknowledged; true by default. If not, what was acknowledged
         * survives the death of the process, but a power failure loses the last writes. For tests and measurements only.
         */
        public Builder fsync(boolean always) {
            this.fsync = always;
            return this;
        }

        /**
         * How long a marker is kept after its last write; 25 hours by default. Counted in milliseconds. Must be longer than
         * any operation of the engine, clock skew included.
         */
        public Builder markerRetention(Duration retention) {
            if (retention.isNegative()) {
                throw new IllegalArgumentException("A retention must not be negative, but is " + retention + ".");
            }
            this.retention = retention;
            return this;
        }

        /** How much native memory keeps what was read from the disk; 64 MiB by default. */
        public Builder blockCacheBytes(long bytes) {
            this.blockCacheBytes = atLeast(1, bytes, "blockCacheBytes");
            return this;
        }

        /** How much native memory keeps what was written and is not in its place on the disk yet; 64 MiB by default. */
        public Builder writeBufferBytes(long bytes) {
            this.writeBufferBytes = atLeast(1 << 20, bytes, "writeBufferBytes");
            return this;
        }

        /** How many threads wait for the disk to read; 8 by default. */
        public Builder readThreads(int threads) {
            this.readThreads = (int) atLeast(1, threads, "readThreads");
            return this;
        }

        /** How many calls may wait for the disk to read; more are refused. 4096 by default. */
        public Builder readQueue(int calls) {
            this.readQueue = (int) atLeast(1, calls, "readQueue");
            return this;
        }

        /** How many writes may be under way at a time; more are refused. 4096 by default. */
        public Builder writeQueue(int calls) {
            this.writeQueue = (int) atLeast(1, calls, "writeQueue");
            return this;
        }

        /** For tests of writes that fail. */
        Builder writeStep(WriteStep step) {
            this.writeStep = step;
            return this;
        }

        /**
         * Opens the rows. The directory is made if it does not exist. Blocks.
         *
         * @throws io.terrace.ConfigurationException if the directory holds something else, is of another version, or cannot be
         *     used
         * @throws io.terrace.BackendUnavailableException if it is open already, here or in another process
         */
        public RocksDbRows build() {
            return new RocksDbRows(this);
        }

        private static long atLeast(long least, long value, String name) {
            if (value < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", but is " + value + ".");
            }
            return value;
        }
    }
}
