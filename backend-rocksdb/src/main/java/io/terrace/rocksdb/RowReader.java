// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.Row;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowKind;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads rows. Head and payload are two gets, between which a write may come; the payload says to which write it belongs, so
 * that the two are never mixed. (HV-2)
 */
final class RowReader {

    private RowReader() {}

    /**
     * Reads until head and payload fit: once as they are, and then both as of one moment.
     *
     * @param head what {@link #inMemory} has found of the row during the same call
     */
    static @Nullable Row read(Database database, RowKey key, boolean whole, @Nullable RowFrame head)
            throws RocksDBException {
        Attempt attempt = head == null ? attempt(database, key, whole) : payload(database, key, head);
        if (!attempt.fits()) {
            attempt = database.atOneMoment(moment -> attempt(moment, key, whole));
        }
        if (!attempt.fits()) {
            throw RocksDbErrors.damaged(
                    "reading the row of " + key, "its payload is missing or of another write", null);
        }
        return attempt.row();
    }

    /** As much of the row as is in memory. No row does not mean that there is none. Does not block. */
    static Attempt inMemory(Database database, RowKey key, boolean whole) throws RocksDBException {
        RowFrame head = head(database::getIfInMemory, key);
        if (head == null || !needsPayload(head, whole)) {
            return new Attempt(true, head, head == null ? null : new Row(head.head(), null));
        }
        // What is in a file of its own kind is not kept in memory.
        return WriteId.BYTES + head.payloadLength() < Database.BLOB_BYTES
                ? payload(database::getIfInMemory, key, head)
                : new Attempt(false, head, null);
    }

    /**
     * What gets have found.
     *
     * @param fits whether the payload is the one of the head; if it is not, look again
     * @param head the head; {@code null} if there is none
     * @param row the row; {@code null} if there is none, or it does not fit
     */
    record Attempt(
            boolean fits, @Nullable RowFrame head, @Nullable Row row) {}

    static Attempt attempt(RowSource source, RowKey key, boolean whole) throws RocksDBException {
        RowFrame head = head(source, key);
        if (head == null) {
            return new Attempt(true, null, null);
        }
        return needsPayload(head, whole)
                ? payload(source, key, head)
                : new Attempt(true, head, new Row(head.head(), null));
    }

    private static @Nullable RowFrame head(RowSource source, RowKey key) throws RocksDBException {
        byte[] head = source.get(Family.HEADS, key.bytes);
        return head == null ? null : decode(head, key.toString());
    }

    private static boolean needsPayload(RowFrame head, boolean whole) {
        return whole && head.head().kind() == RowKind.INLINE;
    }

    private static Attempt payload(RowSource source, RowKey key, RowFrame head) throws RocksDBException {
        ByteBuffer payload =
                Keys.unseal(source.get(Family.PAYLOADS, key.bytes), head.head().writeId());
        if (payload == null) {
            return new Attempt(false, head, null);
        }
        head.verify(payload, key.toString());
        return new Attempt(true, head, new Row(head.head(), payload));
    }

    static RowFrame decode(byte[] head, String what) {
        return RowFrame.decode(ByteBuffer.wrap(head), what);
    }
}
