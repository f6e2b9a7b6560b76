// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Holder;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Native memory and all that points to it. Only for those who hold one of the {@link Uses}. All methods may block. */
final class Database implements RowSource {

    /** From this size on a payload is in a file of its own kind, so that compactions do not carry it along. */
    static final int BLOB_BYTES = 4096;

    private static final int BLOOM_BITS = 10;
    private static final int OPEN_FILES = 512;
    private static final long LOG_FILE_BYTES = 1 << 20;
    private static final int LOG_FILES = 3;

    /** Begins with what was made last. */
    private final Deque<AbstractNativeReference> made = new ArrayDeque<>();

    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final RocksDB db;
    private final ReadOptions reads;
    private final ReadOptions passes;
    private final WriteOptions writes;
    private final PayloadSpace space;

    /** Opens the files in a directory, or makes them. */
    Database(Path directory, boolean create, boolean sync, long blockCacheBytes, long writeBufferBytes)
            throws RocksDBException {
        try {
            Cache cache = keep(new LRUCache(blockCacheBytes));
            DBOptions options = keep(new DBOptions())
                    .setCreateIfMissing(create)
                    .setCreateMissingColumnFamilies(create)
                    .setDbWriteBufferSize(writeBufferBytes)
                    .setMaxTotalWalSize(4 * writeBufferBytes)
                    .setMaxOpenFiles(OPEN_FILES)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setMaxLogFileSize(LOG_FILE_BYTES)
                    .setKeepLogFileNum(LOG_FILES)
                    .setStatsDumpPeriodSec(0)
                    .setStatsPersistPeriodSec(0);
            BlockBasedTableConfig table = new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(keep(new BloomFilter(BLOOM_BITS)))
                    // In parts: as one block each, those of a large table would not fit into a shard of the cache, and
                    // each get
                    // would read them whole.
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true)
                    .setCacheIndexAndFilterBlocks(true)
                    .setCacheIndexAndFilterBlocksWithHighPriority(true);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (Family family : Family.values()) {
                ColumnFamilyOptions columns = keep(new ColumnFamilyOptions())
                        .setTableFormatConfig(table)
                        .setWriteBufferSize(writeBufferBytes);
                if (family == Family.PAYLOADS) {
                    columns.setEnableBlobFiles(true)
                            .setMinBlobSize(BLOB_BYTES)
                            .setEnableBlobGarbageCollection(true)
                            .setBlobGarbageCollectionAgeCutoff(0);
                }
                descriptors.add(new ColumnFamilyDescriptor(family.id(), columns));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            db = keep(RocksDB.open(options, directory.toString(), descriptors, handles));
            for (Family family : Family.values()) {
                families.put(family, keep(handles.get(families.size())));
            }
            reads = keep(new ReadOptions());
            passes = keep(new ReadOptions()).setFillCache(false);
            writes = keep(new WriteOptions()).setSync(sync);
            space = new PayloadSpace(db, handle(Family.PAYLOADS), writeBufferBytes / 4);
        } catch (RocksDBException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AbstractNativeReference> T keep(T resource) {
        made.push(resource);
        return resource;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return db.get(handle(family), reads, key);
    }

    /** What is in memory; {@code null} also for what is not, of which nothing is known. Does not block. */
    byte @Nullable [] getIfInMemory(Family family, byte[] key) {
        Holder<byte[]> found = new Holder<>();
        byte[] value = db.keyMayExist(handle(family), reads, key, found) ? found.getValue() : null;
        // Where the index of a table is not in memory, this call answers that it has found an empty value. We store
        // none.
        return value == null || value.length == 0 ? null : value;
    }

    /** What a look at one moment sees. */
    interface Look<T> {
        T at(RowSource moment) throws RocksDBException;
    }

    <T> T atOneMoment(Look<T> look) throws RocksDBException {
        Snapshot snapshot = db.getSnapshot();
        try (ReadOptions then = new ReadOptions().setSnapshot(snapshot)) {
            return look.at((family, key) -> db.get(handle(family), then, key));
        } finally {
            db.releaseSnapshot(snapshot);
        }
    }

    /** To be closed, by its maker, in the same use. Leaves the cache to others. */
    RocksIterator iterator(Family family) {
        return db.newIterator(handle(family), passes);
    }

    void put(WriteBatch batch, Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(handle(family), key, value);
    }

    void delete(WriteBatch batch, Family family, byte[] key) throws RocksDBException {
        batch.delete(handle(family), key);
    }

    /** All or nothing, and on the disk when it returns, unless that is switched off. */
    void write(WriteBatch batch) throws RocksDBException {
        db.write(writes, batch);
    }

    /** To be called after each write, by the same thread. */
    void wrote(long bytes) throws RocksDBException {
        space.wrote(bytes);
    }

    /** Everything as of one moment; the directory must not exist. Files that never change are shared with the copy if possible. */
    void copyTo(Path directory) throws RocksDBException {
        try (Checkpoint copy = Checkpoint.create(db)) {
            copy.createCheckpoint(directory.toString());
        }
    }

    /** Frees everything; waits for RocksDB's own work, which it stops. */
    void close() {
        for (AbstractNativeReference resource : made) {
            if (resource instanceof RocksDB open) {
                open.cancelAllBackgroundWork(true);
            }
            resource.close();
        }
        made.clear();
    }

    private ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(families.get(family));
    }
}
