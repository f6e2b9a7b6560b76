// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change of the change log's state. The whole state is what its records make, one after another, of nothing. */
sealed interface LogRecord {

    /** Whether its answer may wait for the disk. Only a removal need not: undone, it is found to be settled. (CL-4) */
    default boolean mustBeDurable() {
        return true;
    }

    /** The entry or upload that it is about, if it is about one. */
    default @Nullable EntryId entryId() {
        return null;
    }

    /** An entry, in whatever state: a new one, or one that a new segment begins with. */
    record Append(ChangeEntry entry) implements LogRecord {
        @Override
        public EntryId entryId() {
            return entry.id();
        }
    }

    /** An open entry is claimed. */
    record Claim(EntryId id) implements LogRecord {
        @Override
        public EntryId entryId() {
            return id;
        }
    }

    /** An open entry has another base. */
    record Rebase(EntryId id, WriteId base) implements LogRecord {
        @Override
        public EntryId entryId() {
            return id;
        }
    }

    /** An entry is kept for its old blobs only. */
    record Defer(EntryId id, List<BlobId> oldBlobs) implements LogRecord {
        @Override
        public EntryId entryId() {
            return id;
        }
    }

    /** An upload, in whatever state, in the place of what it was before. */
    record Upload(UploadRecord upload) implements LogRecord {
        @Override
        public EntryId entryId() {
            return upload.id();
        }
    }

    /** An entry, or an upload, is gone. */
    record Remove(EntryId id) implements LogRecord {
        @Override
        public EntryId entryId() {
            return id;
        }

        @Override
        public boolean mustBeDurable() {
            return false;
        }
    }

    /** A pin is set. */
    record Pin(String name) implements LogRecord {}

    /** A pin is removed. */
    record Unpin(String name) implements LogRecord {}

    /** Nothing, but it says how far the segment was on the disk. Written when the log is closed. */
    record Mark() implements LogRecord {}
}
