// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.cloud.bigtable.data.v2.models.Row;
import com.google.cloud.bigtable.data.v2.models.RowCell;
import com.google.protobuf.ByteString;
import io.terrace.IntegrityException;
import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobId;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the reference: {@code m} and {@code p} for a small object, {@code r} and {@code t} for a redirect, and two older forms
 * of one: an {@code r} without a value, and an {@code m} that says so itself. The deadline is the timestamp of the cell that
 * decides, if it is in the family that expires.
 */
final class LegacyRows {

    private LegacyRows() {}

    /** {@code null} if there is none. */
    static RowCodec.@Nullable Stored decode(Row row, ObjectId id) {
        RowCell target = RowCodec.cell(row, Cells.LEGACY_TARGET);
        RowCell metadata = RowCodec.cell(row, Cells.LEGACY_METADATA);
        if (target != null) {
            RowCell policy = RowCodec.cell(row, Cells.LEGACY_POLICY);
            ByteString path = target.getValue();
            BlobId blob = path.isEmpty() ? BlobId.ofObject(id) : blobOf(path, id);
            return tombstone(target, blob, policy == null ? ByteString.EMPTY : policy.getValue(), id);
        }
        if (metadata == null) {
            return null;
        }
        if (metadata.getValue().startsWith(Cells.REDIRECT)) {
            return tombstone(metadata, BlobId.ofObject(id), metadata.getValue(), id);
        }
        RowCell payload = RowCodec.cell(row, Cells.PAYLOAD);
        return new RowCodec.Stored(
                head(RowKind.INLINE, metadata, metadataOf(metadata.getValue(), id), null),
                payload == null ? null : payload.getValue(),
                null);
    }

    private static RowCodec.Stored tombstone(RowCell decides, BlobId blob, ByteString metadata, ObjectId id) {
        return new RowCodec.Stored(head(RowKind.TOMBSTONE, decides, metadataOf(metadata, id), blob), null, null);
    }

    private static RowHead head(RowKind kind, RowCell decides, ObjectMetadata metadata, @Nullable BlobId target) {
        boolean expires = decides.getFamily().equals(Cells.EXPIRING);
        Deadline deadline = expires ? new Deadline(decides.getTimestamp()) : Deadline.NONE;
        Instant created = metadata.timeCreated();
        long lastWrite = !expires
                ? decides.getTimestamp()
                : created == null ? 0 : Deadline.at(created).micros();
        LegacyCell cell =
                new LegacyCell(decides.getFamily(), decides.getQualifier(), decides.getTimestamp(), decides.getValue());
        return new RowHead(
                kind,
                cell.version(),
                deadline,
                lastWrite,
                expires && !metadata.expiration().isManual()
                        ? metadata.expiringAt(Instant.EPOCH.plus(deadline.micros(), ChronoUnit.MICROS))
                        : metadata,
                target);
    }

    private static ObjectMetadata metadataOf(ByteString json, ObjectId id) {
        try {
            return json.isEmpty()
                    ? ObjectMetadata.builder().build()
                    : ObjectMetadata.fromJson(json.asReadOnlyByteBuffer());
        } catch (IntegrityException malformed) {
            throw BigtableErrors.damaged(id.toString(), "its metadata cannot be read", malformed);
        }
    }

    private static BlobId blobOf(ByteString path, ObjectId id) {
        try {
            return BlobId.fromStoragePath(path.toStringUtf8());
        } catch (InvalidObjectIdException malformed) {
            throw BigtableErrors.damaged(id.toString(), "it redirects to what is no blob", malformed);
        }
    }
}
