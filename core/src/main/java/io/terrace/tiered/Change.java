// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.EntryId;
import io.terrace.spi.RowHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change that has an entry in the log, as its writer knows it.
 *
 * @param entry the id of its entry
 * @param object the object that is changed
 * @param newBlob the blob that it brings, or {@code null}
 * @param base the row that it started from (R3a)
 * @param recordedAtNanos monotonic time at which its entry was sent to the log
 */
record Change(EntryId entry, ObjectId object, @Nullable BlobId newBlob, RowHead base, long recordedAtNanos) {

    /** The blobs that are garbage once the base is replaced. */
    List<BlobId> oldBlobs() {
        BlobId target = base.target();
        return target == null ? List.of() : List.of(target);
    }

    ChangeEntry toEntry() {
        return ChangeEntry.open(entry, object, newBlob, base.writeId(), oldBlobs());
    }
}
