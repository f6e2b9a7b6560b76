// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import io.terrace.IntegrityException;
import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A row, immutable, and its record in the file. */
record StoredRow(ObjectId id, RowHead head, @Nullable ByteBuffer payload) {

    /** As long as the engine expects it of a backend that has no setting for it. */
    private static final long RETENTION_MICROS =
            TimeUnit.MILLISECONDS.toMicros(Duration.ofHours(25).toMillis());

    /** The row that a write makes, at bump counter 0. The payload must not change any more. */
    static StoredRow of(ObjectId id, RowWrite write, long nowMicros) {
        RowVersion version = RowVersion.of(write.writeId(), 0);
        return write.fold(
                inline -> new StoredRow(
                        id,
                        new RowHead(
                                RowKind.INLINE,
                                version,
                                inline.object().deadline(),
                                nowMicros,
                                inline.object().metadata(),
                                null),
                        inline.object().payload()),
                tombstone -> new StoredRow(
                        id,
                        new RowHead(
                                RowKind.TOMBSTONE,
                                version,
                                tombstone.deadline(),
                                nowMicros,
                                tombstone.metadata(),
                                tombstone.target()),
                        null),
                marker -> new StoredRow(
                        id, new RowHead(RowKind.MARKER, version, Deadline.NONE, nowMicros, null, null), null));
    }

    /** The row that a bump makes of this one: another head over the same payload. */
    static StoredRow bumped(ObjectId id, @Nullable StoredRow row, RowHead next) {
        return new StoredRow(id, next, row == null || next.kind() != RowKind.INLINE ? null : row.payload);
    }

    static RowHead headOf(@Nullable StoredRow row) {
        return row == null ? RowHead.ABSENT : row.head;
    }

    /** The same write with bytes of its own: the caller has its buffer back when the call ends, cancelled ones too. */
    static RowWrite copyOf(RowWrite write) {
        return write.fold(
                inline -> {
                    InlineObject object = inline.object();
                    ByteBuffer copy = ByteBuffer.allocate(object.payload().remaining());
                    copy.put(object.payload().duplicate()).flip();
                    return new RowWrite.Inline(
                            inline.writeId(),
                            new InlineObject(object.metadata(), object.deadline(), copy.asReadOnlyBuffer()));
                },
                tombstone -> tombstone,
                marker -> marker);
    }

    Row read(RowProjection projection) {
        return new Row(head, payload == null || projection == RowProjection.HEAD ? null : payload.duplicate());
    }

    /** Whether this is a marker that nobody needs any more, or an object that expired long ago. */
    boolean isCollectableAt(long nowMicros) {
        return RowFrame.collectAt(head, RETENTION_MICROS) < nowMicros;
    }

    /** Length, length inverted, and that many bytes: the frame of the head, then the payload. */
    ByteBuffer encode() {
        ByteBuffer frame = RowFrame.of(head, id, payload, RETENTION_MICROS).encode();
        int length = frame.remaining() + (payload == null ? 0 : payload.remaining());
        ByteBuffer bytes = ByteBuffer.allocate(8 + length).putInt(length).putInt(~length);
        bytes.put(frame);
        if (payload != null) {
            bytes.put(payload.duplicate());
        }
        return bytes.flip();
    }

    /** Reads what follows the two lengths. Frame and payload carry checksums, so damage does not go unseen. */
    static StoredRow decode(ByteBuffer bytes, String where) {
        RowFrame frame = RowFrame.decode(bytes, where);
        frame.verify(bytes, where);
        ObjectId id = frame.object();
        if (id == null) {
            throw new IntegrityException("The row " + where + " does not say whose it is.");
        }
        boolean inline = frame.head().kind() == RowKind.INLINE;
        return new StoredRow(id, frame.head(), inline ? bytes.slice().asReadOnlyBuffer() : null);
    }
}
