// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Gives room on the disk back that payloads have left which were overwritten or deleted. A file goes when all of its payloads
 * are gone. To free one earlier, RocksDB copies what is left of it into a new file, whenever it compacts the keys, whether or
 * not there is much to gain: so it is told to do that only while a third of the files is garbage, until it is less than a sixth.
 *
 * <p>Not thread-safe: the committer's.
 */
final class PayloadSpace {

    /** Of all files, counted from the oldest: how many may be emptied at a time. */
    private static final double EMPTIED = 0.5;

    /** A file is emptied at once, without a compaction that comes along, if as much of the oldest ones is garbage. */
    private static final double EMPTIED_AT_ONCE = 0.3;

    private final RocksDB db;
    private final ColumnFamilyHandle payloads;
    private final long interval;
    private long written;
    private boolean emptying;

    /** @param interval how many bytes are written between two looks */
    PayloadSpace(RocksDB db, ColumnFamilyHandle payloads, long interval) {
        this.db = db;
        this.payloads = payloads;
        this.interval = interval;
    }

    /** @param bytes how many were written */
    void wrote(long bytes) throws RocksDBException {
        written += bytes;
        if (written >= interval) {
            written = 0;
            look();
        }
    }

    private void look() throws RocksDBException {
        long garbage = db.getLongProperty(payloads, "rocksdb.live-blob-file-garbage-size");
        long all = db.getLongProperty(payloads, "rocksdb.live-blob-file-size");
        boolean wanted = emptying ? garbage * 6 > all : garbage * 3 > all;
        if (wanted != emptying) {
            db.setOptions(
                    payloads,
                    MutableColumnFamilyOptions.builder()
                            .setBlobGarbageCollectionAgeCutoff(wanted ? EMPTIED : 0)
                            .setBlobGarbageCollectionForceThreshold(wanted ? EMPTIED_AT_ONCE : 1)
                            .build());
            emptying = wanted;
        }
    }
}
