// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowWrite;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * R10: the object that an upload becomes. All attempts to complete it bring the very same row: its times count from the
 * first of them, and its write id is the UUID of the blob, which is as unique as one drawn for it. At most one of them can
 * take effect, since each expects a version that never comes back and none expects its own blob.
 *
 * @param metadata with times and size, as far as they are known
 */
record UploadedObject(UploadRecord record, ObjectMetadata metadata) {

    /** @param record COMPLETING; that state is kept, with its time, as long as a compare-and-set may be sent */
    static UploadedObject of(UploadRecord record, @Nullable BlobInfo blob) {
        Instant began = Instant.EPOCH.plus(record.sinceMicros(), ChronoUnit.MICROS);
        ObjectMetadata stamped = record.metadata().stampedAt(began);
        return new UploadedObject(record, blob == null ? stamped : stamped.sized(blob.size()));
    }

    /** What is known of an upload that was committed before. */
    static Answer<ObjectInfo> describe(UploadRecord record, RowHead row) {
        ObjectMetadata current = record.blob().equals(row.target()) ? row.metadata() : null;
        return Answer.of(new UploadedObject(record, current == null ? record.metadata() : current).info(), null);
    }

    RowWrite row() {
        return new RowWrite.Tombstone(writeId(), record.blob(), metadata, Deadline.of(metadata));
    }

    ObjectInfo info() {
        return new ObjectInfo(record.object(), metadata, writeId().toString());
    }

    private WriteId writeId() {
        return WriteId.of(record.blob().uuid());
    }
}
