// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.cloud.bigtable.data.v2.models.Row;
import com.google.cloud.bigtable.data.v2.models.RowCell;
import com.google.protobuf.ByteString;
import io.terrace.IntegrityException;
import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the cells of a row mean. */
final class RowCodec {

    private final boolean legacy;

    /** @param legacy whether rows of the reference are read too */
    RowCodec(boolean legacy) {
        this.legacy = legacy;
    }

    /**
     * What is stored.
     *
     * @param head with the token
     * @param payload of an inline row, if it was read and is there; it may be damaged
     * @param frame {@code null} for a row of the reference
     */
    record Stored(
            RowHead head,
            @Nullable ByteString payload,
            @Nullable RowFrame frame) {}

    /** {@code null} if there is no row: no cells, or a payload that the store left behind. */
    @Nullable
    Stored decode(Row row, ObjectId id) {
        RowCell head = cell(row, Cells.HEAD);
        if (head != null) {
            return ours(head, cell(row, Cells.PAYLOAD), id);
        }
        return legacy ? LegacyRows.decode(row, id) : null;
    }

    /**
     * The row with its payload checked.
     *
     * @throws IntegrityException if the payload is missing or damaged; of an expired row it is left out instead, since the store
     *     may have begun to drop it
     */
    static io.terrace.spi.Row full(Stored stored, ObjectId id, long nowMicros) {
        RowHead head = stored.head();
        if (head.kind() != RowKind.INLINE) {
            return new io.terrace.spi.Row(head, null);
        }
        boolean mayBeGone = head.deadline().isPastAt(nowMicros + Place.SKEW_MICROS);
        ByteString payload = stored.payload();
        if (payload == null) {
            if (mayBeGone) {
                return new io.terrace.spi.Row(head, null);
            }
            throw BigtableErrors.damaged(id.toString(), "it has no payload", null);
        }
        ByteBuffer bytes = payload.asReadOnlyByteBuffer();
        RowFrame frame = stored.frame();
        if (frame != null) {
            frame.verify(bytes, id.toString());
        }
        return new io.terrace.spi.Row(head, bytes);
    }

    /** The object whose row has this key. */
    static ObjectId objectOf(ByteString key) {
        try {
            return ObjectId.fromStoragePath(key.toStringUtf8());
        } catch (InvalidObjectIdException foreign) {
            throw BigtableErrors.damaged("key '" + key.toStringUtf8() + "'", "its key names no object", foreign);
        }
    }

    private static Stored ours(RowCell headCell, @Nullable RowCell payloadCell, ObjectId id) {
        RowFrame frame = RowFrame.decode(headCell.getValue().asReadOnlyByteBuffer(), id.toString());
        RowHead head = frame.head();
        if (head.kind() != RowKind.INLINE || payloadCell == null) {
            return new Stored(head, null, frame);
        }
        Place place = new Place(payloadCell.getFamily(), payloadCell.getTimestamp());
        PayloadCell token = new PayloadCell(place, frame.payloadLength(), frame.payloadCrc());
        RowVersion version = RowVersion.of(head.writeId(), head.version().bump(), token);
        return new Stored(head.withVersion(version), payloadCell.getValue(), frame);
    }

    /** The first of these cells; every write leaves one at most. */
    static @Nullable RowCell cell(Row row, ByteString qualifier) {
        for (RowCell cell : row.getCells()) {
            if (cell.getQualifier().equals(qualifier)) {
                return cell;
            }
        }
        return null;
    }
}
