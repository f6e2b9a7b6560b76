// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.ObjectId;
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
    RowFrame current(ObjectId id) {
        Optional<RowFrame> before = changed.get(id.storagePath());
        if (before != null) {
            return before.orElse(null);
        }
        try {
            byte[] head = database.get(Family.HEADS, Keys.of(id));
            return head == null ? null : RowReader.decode(head, id.toString());
        } catch (RocksDBException e) {
            throw RocksDbErrors.ofRead("reading the row of " + id, e);
        }
    }

    RowHead head(ObjectId id) {
        RowFrame current = current(id);
        return current == null ? RowHead.ABSENT : current.head();
    }

    /** Notes a value write. */
    void write(ObjectId id, Value next) throws RocksDBException {
        byte[] key = Keys.of(id);
        RowFrame before = current(id);
        byte[] sealed = next.sealed;
        if (sealed != null) {
            database.put(writes, Family.PAYLOADS, key, sealed);
        } else {
            deletePayload(key, before);
        }
        replace(id, key, before, next.frame, next.encoded);
    }

    /** Notes a bump: the payload, if there is one, stays where it is. */
    void bump(ObjectId id, @Nullable RowFrame before, RowFrame next) throws RocksDBException {
        byte[] key = Keys.of(id);
        if (next.head().kind() != RowKind.INLINE) {
            deletePayload(key, before);
        }
        replace(id, key, before, next, bytes(next.encode()));
    }

    /** Notes that a row goes. */
    void remove(ObjectId id, RowFrame before) throws RocksDBException {
        byte[] key = Keys.of(id);
        deletePayload(key, before);
        deleteExpiry(key, before);
        database.delete(writes, Family.HEADS, key);
        changed.put(id.storagePath(), Optional.empty());
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

    private void replace(ObjectId id, byte[] key, @Nullable RowFrame before, RowFrame next, byte[] encoded)
            throws RocksDBException {
        deleteExpiry(key, before);
        if (next.collectAtMicros() != RowFrame.NEVER) {
            byte[] version = Keys.ofVersion(next.head().version());
            database.put(writes, Family.EXPIRIES, Keys.ofExpiry(next.collectAtMicros(), key), version);
        }
        database.put(writes, Family.HEADS, key, encoded);
        changed.put(id.storagePath(), Optional.of(next));
    }

    private void deletePayload(byte[] key, @Nullable RowFrame before) throws RocksDBException {
        if (before != null && before.head().kind() == RowKind.INLINE) {
            database.delete(writes, Family.PAYLOADS, key);
        }
    }

    private void deleteExpiry(byte[] key, @Nullable RowFrame before) throws RocksDBException {
        if (before != null && before.collectAtMicros() != RowFrame.NEVER) {
            database.delete(writes, Family.EXPIRIES, Keys.ofExpiry(before.collectAtMicros(), key));
        }
    }

    static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }
}
