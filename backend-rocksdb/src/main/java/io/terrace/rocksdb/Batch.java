// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What is written in one go: each operation is decided on the rows with the changes before it, which nobody else sees yet. */
final class Batch implements AutoCloseable {

    private final Database database;
    private final WriteBatch writes = new WriteBatch();
    private final Map<String, Optional<RowFrame>> changed = new HashMap<>();

    Batch(Database database) {
        this.database = database;
    }

    /**
     * The row as it is after the changes before this one.
     *
     * @throws io.terrace.TerraceException if it cannot be read
     */
    @Nullable
    RowFrame current(RowKey key) {
        Optional<RowFrame> before = changed.get(key.path);
        if (before != null) {
            return before.orElse(null);
        }
        try {
            byte[] head = database.get(Family.HEADS, key.bytes);
            return head == null ? null : RowReader.decode(head, key.toString());
        } catch (RocksDBException e) {
            throw RocksDbErrors.ofRead("reading the row of " + key, e);
        }
    }

    static RowHead headOf(@Nullable RowFrame row) {
        return row == null ? RowHead.ABSENT : row.head();
    }

    /** Notes a value write over the current row. */
    void write(RowKey key, @Nullable RowFrame before, Value next) throws RocksDBException {
        byte[] sealed = next.sealed;
        if (sealed != null) {
            database.put(writes, Family.PAYLOADS, key.bytes, sealed);
        } else {
            deletePayload(key, before);
        }
        replace(key, before, next.frame, next.encoded);
    }

    /** Notes a bump of the current row: the payload, if there is one, stays where it is. */
    void bump(RowKey key, @Nullable RowFrame before, RowFrame next) throws RocksDBException {
        if (next.head().kind() != RowKind.INLINE) {
            deletePayload(key, before);
        }
        replace(key, before, next, bytes(next.encode()));
    }

    /** Notes that the current row goes. */
    void remove(RowKey key, RowFrame before) throws RocksDBException {
        deletePayload(key, before);
        deleteExpiry(key, before);
        database.delete(writes, Family.HEADS, key.bytes);
        changed.put(key.path, Optional.empty());
    }

    boolean isEmpty() {
        return writes.count() == 0;
    }

    long bytes() {
        return writes.getDataSize();
    }

    WriteBatch writes() {
        return writes;
    }

    @Override
    public void close() {
        writes.close();
    }

    private void replace(RowKey key, @Nullable RowFrame before, RowFrame next, byte[] encoded) throws RocksDBException {
        deleteExpiry(key, before);
        if (next.collectAtMicros() != RowFrame.NEVER) {
            byte[] version = Keys.ofVersion(next.head().version());
            database.put(writes, Family.EXPIRIES, Keys.ofExpiry(next.collectAtMicros(), key.bytes), version);
        }
        database.put(writes, Family.HEADS, key.bytes, encoded);
        changed.put(key.path, Optional.of(next));
    }

    private void deletePayload(RowKey key, @Nullable RowFrame before) throws RocksDBException {
        if (before != null && before.head().kind() == RowKind.INLINE) {
            database.delete(writes, Family.PAYLOADS, key.bytes);
        }
    }

    private void deleteExpiry(RowKey key, @Nullable RowFrame before) throws RocksDBException {
        if (before != null && before.collectAtMicros() != RowFrame.NEVER) {
            database.delete(writes, Family.EXPIRIES, Keys.ofExpiry(before.collectAtMicros(), key.bytes));
        }
    }

    static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }
}
