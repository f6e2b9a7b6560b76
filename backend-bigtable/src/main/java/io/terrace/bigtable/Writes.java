// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.cloud.bigtable.data.v2.models.Mutation;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cells that a write leaves, and until when the store keeps them. Checks what the store would refuse, before it is sent. */
final class Writes {

    static final int MAX_KEY_BYTES = 4096;

    private final TerraceRuntime runtime;
    private final long retentionMicros;
    private final long maxPayloadBytes;

    Writes(TerraceRuntime runtime, Duration retention, long maxPayloadBytes) {
        this.runtime = runtime;
        this.retentionMicros = retention.toMillis() * 1000;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /**
     * A mutation of one row.
     *
     * @param head what the row is afterwards, with the token
     */
    record Write(RowHead head, Mutation mutation) {}

    /** The key of an object's row. */
    static ByteString key(ObjectId id) {
        return key(id.storagePath());
    }

    static ByteString key(String path) {
        ByteString key = ByteString.copyFromUtf8(path);
        if (key.size() > MAX_KEY_BYTES) {
            throw new TooLargeException(
                    BigtableErrors.BACKEND,
                    "The row key of '" + path.substring(0, 40) + "...' takes " + key.size()
                            + " bytes, but Bigtable takes at most " + MAX_KEY_BYTES + ". Use a shorter key.",
                    Determinacy.NOT_APPLIED);
        }
        return key;
    }

    Write inline(WriteId writeId, InlineObject object) {
        ByteBuffer payload = object.payload();
        if (payload.remaining() > maxPayloadBytes) {
            throw new TooLargeException(
                    BigtableErrors.BACKEND,
                    "The payload of " + payload.remaining() + " bytes does not fit into a row, which takes at most "
                            + maxPayloadBytes + ". Store it in the long-term tier, or raise max-payload.",
                    Determinacy.NOT_APPLIED);
        }
        RowVersion version = RowVersion.of(writeId, 0);
        RowHead head =
                new RowHead(RowKind.INLINE, version, object.deadline(), runtime.nowMicros(), object.metadata(), null);
        return value(RowFrame.of(head, null, payload, retentionMicros), wrapped(payload));
    }

    /** The bytes are the backend's as long as the call lasts, and the client writes them out once; an array without a copy. */
    private static ByteString wrapped(ByteBuffer payload) {
        return payload.hasArray()
                ? UnsafeByteOperations.unsafeWrap(
                        payload.array(), payload.arrayOffset() + payload.position(), payload.remaining())
                : UnsafeByteOperations.unsafeWrap(payload.asReadOnlyBuffer());
    }

    Write marker(WriteId writeId) {
        return value(
                new RowHead(RowKind.MARKER, RowVersion.of(writeId, 0), Deadline.NONE, runtime.nowMicros(), null, null),
                null);
    }

    Write of(RowWrite write) {
        return write.fold(
                inline -> inline(inline.writeId(), inline.object()),
                tombstone -> value(
                        new RowHead(
                                RowKind.TOMBSTONE,
                                RowVersion.of(tombstone.writeId(), 0),
                                tombstone.deadline(),
                                runtime.nowMicros(),
                                tombstone.metadata(),
                                tombstone.target()),
                        null),
                marker -> marker(marker.writeId()));
    }

    /** Everything anew, whatever the row was before; its payload too. */
    Write value(RowHead head, @Nullable ByteString payload) {
        ByteBuffer bytes = payload == null ? null : payload.asReadOnlyByteBuffer();
        return value(RowFrame.of(head, null, bytes, retentionMicros), payload);
    }

    private Write value(RowFrame frame, @Nullable ByteString payload) {
        RowHead head = frame.head();
        Place place = Place.ofHead(frame.collectAtMicros(), runtime.nowMicros());
        Mutation mutation = Mutation.create()
                .deleteRow()
                .setCell(place.family(), Cells.HEAD, place.timestampMicros(), encoded(frame));
        if (payload == null || head.kind() != RowKind.INLINE) {
            return new Write(head, mutation);
        }
        Place below = place.ofPayload(head.metadata());
        mutation.setCell(below.family(), Cells.PAYLOAD, below.timestampMicros(), payload);
        return new Write(tokened(head, new PayloadCell(below, frame.payloadLength(), frame.payloadCrc())), mutation);
    }

    /** The head of a row without a payload, in place of the one before it. */
    Write head(RowHead head) {
        return head(RowFrame.of(head, null, null, retentionMicros), head);
    }

    /**
     * The head of an inline row alone, in place of the one before it.
     *
     * @return {@code null} if the store would drop the payload before the head, or keep it for ever: then it must be moved
     */
    @Nullable
    Write headAbove(PayloadCell payload, RowHead head) {
        long collectAt = RowFrame.collectAt(head, retentionMicros);
        return payload.place().keepsPaceWith(Place.ofHead(collectAt, runtime.nowMicros()))
                ? head(new RowFrame(head, null, collectAt, payload.length(), payload.crc()), tokened(head, payload))
                : null;
    }

    private Write head(RowFrame frame, RowHead answered) {
        Place place = Place.ofHead(frame.collectAtMicros(), runtime.nowMicros());
        // With another timestamp a cell does not replace one, it is added.
        return new Write(
                answered,
                Mutation.create()
                        .deleteCells(Cells.EXPIRING, Cells.HEAD)
                        .deleteCells(Cells.LASTING, Cells.HEAD)
                        .setCell(place.family(), Cells.HEAD, place.timestampMicros(), encoded(frame)));
    }

    private static RowHead tokened(RowHead head, PayloadCell token) {
        return head.withVersion(RowVersion.of(head.writeId(), head.version().bump(), token));
    }

    private static ByteString encoded(RowFrame frame) {
        return UnsafeByteOperations.unsafeWrap(frame.encode());
    }
}
