// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.Row;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowKind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads rows. Head and payload are two gets, between which a write may come; the payload says to which write it belongs, so
 * that the two are never mixed. (HV-2)
 */
final class RowReader {

    private RowReader() {}

    /** Reads until head and payload fit: once as they are, and then both as of one moment. */
    static @Nullable Row read(Database database, RowKey key, boolean whole) throws RocksDBException {
        Attempt attempt = attempt(database, key, whole);
        if (!attempt.fits()) {
            attempt = database.atOneMoment(moment -> attempt(moment, key, whole));
        }
        if (!attempt.fits()) {
            throw RocksDbErrors.damaged(
                    "reading the row of " + key, "its payload is missing or of another write", null);
        }
        return attempt.row();
    }

    /** The row, if all of it is in memory; {@code null} also if it is not, or there is none. Does not block. */
    static @Nullable Row readInMemory(Database database, RowKey key, boolean whole) throws RocksDBException {
        return attempt(database::getIfInMemory, key, whole).row();
    }

    /**
     * What two gets have found.
     *
     * @param fits whether the payload is the one of the head; if it is not, look again
     * @param row the row; {@code null} if there is none, or it does not fit
     */
    record Attempt(boolean fits, @Nullable Row row) {}

    static Attempt attempt(RowSource source, RowKey key, boolean whole) throws RocksDBException {
        byte[] head = source.get(Family.HEADS, key.bytes);
        if (head == null) {
            return new Attempt(true, null);
        }
        RowFrame frame = decode(head, key.toString());
        if (!whole || frame.head().kind() != RowKind.INLINE) {
            return new Attempt(true, new Row(frame.head(), null));
        }
        ByteBuffer payload =
                Keys.unseal(source.get(Family.PAYLOADS, key.bytes), frame.head().writeId());
        if (payload == null) {
            return new Attempt(false, null);
        }
        frame.verify(payload, key.toString());
        return new Attempt(true, new Row(frame.head(), payload));
    }

    static RowFrame decode(byte[] head, String what) {
        return RowFrame.decode(ByteBuffer.wrap(head), what);
    }
}
