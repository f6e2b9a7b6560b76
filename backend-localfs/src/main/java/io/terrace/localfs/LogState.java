// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds: in memory, as large as the number of changes in flight. Read by anybody, changed by the writer only,
 * and only when what changes it is on the disk.
 */
final class LogState {

    /** Entries and uploads by id, whose UUIDs are ordered by time. */
    private final ConcurrentNavigableMap<EntryId, Held> entries = new ConcurrentSkipListMap<>();

    /** With the number of bytes that each takes in a segment. */
    private final ConcurrentNavigableMap<String, Integer> pins = new ConcurrentSkipListMap<>();

    /** The writer's. */
    private int count;

    private long liveBytes;

    /**
     * An entry or an upload, and how many bytes it takes in a segment.
     *
     * @param content the one or the other
     * @param bytes of its record
     */
    record Held(Record content, int bytes) {

        @Nullable
        ChangeEntry entry() {
            return content instanceof ChangeEntry entry ? entry : null;
        }

        @Nullable
        UploadRecord upload() {
            return content instanceof UploadRecord upload ? upload : null;
        }

        /** The record that a new segment begins with. */
        LogRecord record() {
            return content instanceof UploadRecord upload
                    ? new LogRecord.Upload(upload)
                    : new LogRecord.Append((ChangeEntry) content);
        }

        /**
         * What a record makes of an entry or an upload; {@code null} for none.
         *
         * @throws IllegalArgumentException if the record changes an entry that does not exist
         */
        static @Nullable Held after(LogRecord record, @Nullable Held current, int bytes) {
            if (record instanceof LogRecord.Append append) {
                return new Held(append.entry(), bytes);
            } else if (record instanceof LogRecord.Defer defer) {
                return new Held(ChangeEntry.deferred(defer.id(), defer.oldBlobs()), bytes);
            } else if (record instanceof LogRecord.Remove) {
                return null;
            } else if (record instanceof LogRecord.Upload upload) {
                return new Held(upload.upload(), bytes);
            }
            ChangeEntry entry = current == null ? null : current.entry();
            if (current == null || entry == null) {
                throw new IllegalArgumentException("it changes an entry that does not exist: " + record);
            } else if (record instanceof LogRecord.Rebase rebase) {
                return new Held(entry.rebased(rebase.base()), current.bytes);
            }
            return new Held(entry.claimed(), current.bytes);
        }
    }

    @Nullable
    Held get(EntryId id) {
        return entries.get(id);
    }

    boolean isPinned(String name) {
        return pins.containsKey(name);
    }

    /** How many entries and uploads there are. For the writer. */
    int count() {
        return count;
    }

    /** What a segment with nothing else in it would take. For the writer. */
    long liveBytes() {
        return liveBytes;
    }

    /** Oldest first; meets each that stays exactly once. */
    Collection<Held> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    Set<String> pins() {
        return Collections.unmodifiableSet(pins.keySet());
    }

    Set<BlobId> referenced(Set<BlobId> blobs) {
        return blobs.stream().filter(this::isReferenced).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isReferenced(BlobId blob) {
        Held held = entries.get(EntryId.of(blob));
        if (held == null) {
            return false;
        }
        if (held.content instanceof UploadRecord upload) {
            return upload.keepsBlob() && blob.equals(upload.blob());
        }
        return held.content instanceof ChangeEntry entry
                && entry.state() != State.DEFERRED
                && blob.equals(entry.newBlob());
    }

    void set(EntryId id, @Nullable Held held) {
        Held before = held == null ? entries.remove(id) : entries.put(id, held);
        count += (held == null ? 0 : 1) - (before == null ? 0 : 1);
        liveBytes += (held == null ? 0 : held.bytes) - (before == null ? 0 : before.bytes);
    }

    void setPin(String name, boolean pinned, int bytes) {
        Integer before = pinned ? pins.put(name, bytes) : pins.remove(name);
        liveBytes += (pinned ? bytes : 0) - (before == null ? 0 : before);
    }

    /** Repeats a record that was read back. */
    void apply(LogRecord record, int bytes) {
        EntryId id = record.entryId();
        if (id != null) {
            set(id, Held.after(record, entries.get(id), bytes));
        } else if (record instanceof LogRecord.Pin pin) {
            setPin(pin.name(), true, bytes);
        } else if (record instanceof LogRecord.Unpin unpin) {
            setPin(unpin.name(), false, 0);
        }
    }
}
