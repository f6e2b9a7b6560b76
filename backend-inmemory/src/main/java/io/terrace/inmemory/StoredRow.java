// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A row, immutable. Not a record: the table replaces a row by identity, never because two look alike. */
final class StoredRow {

    private final ObjectId id;
    private final RowHead head;
    private final @Nullable ByteBuffer payload;

    private StoredRow(ObjectId id, RowHead head, @Nullable ByteBuffer payload) {
        this.id = id;
        this.head = head;
        this.payload = payload;
    }

    static StoredRow of(ObjectId id, RowWrite write, long nowMicros) {
        return write.fold(
                w -> inline(id, w.writeId(), w.object(), nowMicros),
                w -> new StoredRow(
                        id,
                        new RowHead(
                                RowKind.TOMBSTONE,
                                RowVersion.of(w.writeId(), 0),
                                w.deadline(),
                                nowMicros,
                                w.metadata(),
                                w.target()),
                        null),
                w -> marker(id, w.writeId(), nowMicros));
    }

    static StoredRow inline(ObjectId id, WriteId writeId, InlineObject object, long nowMicros) {
        // The buffer is ours for the duration of the call only.
        ByteBuffer copy = ByteBuffer.allocate(object.payload().remaining());
        copy.put(object.payload().duplicate()).flip();
        return new StoredRow(
                id,
                new RowHead(
                        RowKind.INLINE,
                        RowVersion.of(writeId, 0),
                        object.deadline(),
                        nowMicros,
                        object.metadata(),
                        null),
                copy.asReadOnlyBuffer());
    }

    static StoredRow marker(ObjectId id, WriteId writeId, long nowMicros) {
        return new StoredRow(
                id, new RowHead(RowKind.MARKER, RowVersion.of(writeId, 0), Deadline.NONE, nowMicros, null, null), null);
    }

    /** The row that a bump makes of this one, or of none. */
    static StoredRow bumped(ObjectId id, @Nullable StoredRow current, RowHead next) {
        ByteBuffer payload = current == null ? null : current.payload;
        return new StoredRow(id, next, next.kind() == RowKind.INLINE ? payload : null);
    }

    static RowHead headOf(@Nullable StoredRow row) {
        return row == null ? RowHead.ABSENT : row.head;
    }

    ObjectId id() {
        return id;
    }

    RowHead head() {
        return head;
    }

    boolean isTombstone() {
        return head.kind() == RowKind.TOMBSTONE;
    }

    /** What it takes up: the key and the payload. */
    long bytes() {
        return (long) id.storagePath().length() + (payload == null ? 0 : payload.remaining());
    }

    Row read(RowProjection projection) {
        return new Row(head, projection == RowProjection.FULL && payload != null ? payload.duplicate() : null);
    }
}
