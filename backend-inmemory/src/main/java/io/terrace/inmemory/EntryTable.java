// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The entries and the upload records by id, whose UUIDs are ordered by time, and the pins. */
final class EntryTable {

    /** In one key space: each value is a {@link ChangeEntry} or an {@link UploadRecord}. */
    private final ConcurrentNavigableMap<EntryId, Record> records = new ConcurrentSkipListMap<>();

    private final NavigableSet<String> pins = new ConcurrentSkipListSet<>();
    private final Capacity capacity;

    EntryTable(long maxEntries) {
        this.capacity = new Capacity("entries", maxEntries);
    }

    Set<String> pins() {
        return pins;
    }

    @Nullable
    ChangeEntry entry(EntryId id) {
        return records.get(id) instanceof ChangeEntry entry ? entry : null;
    }

    @Nullable
    UploadRecord upload(EntryId id) {
        return records.get(id) instanceof UploadRecord upload ? upload : null;
    }

    void append(ChangeEntry entry) {
        requireNoUpload(entry.id(), addIfAbsent(entry.id(), entry));
    }

    /** Whether this record lies there now. */
    boolean begin(UploadRecord upload) {
        Record found = addIfAbsent(upload.id(), upload);
        return found == null || found.equals(upload);
    }

    private @Nullable Record addIfAbsent(EntryId id, Record record) {
        Record found = records.get(id);
        if (found != null) {
            return found;
        }
        capacity.reserve(1);
        Record other = records.putIfAbsent(id, record);
        if (other != null) {
            capacity.take(-1);
        }
        return other;
    }

    /** Never refused for want of room: it only says what is left to do. */
    void defer(ChangeEntry deferred) {
        EntryId id = deferred.id();
        while (true) {
            Record found = records.get(id);
            requireNoUpload(id, found);
            if (found == null && records.putIfAbsent(id, deferred) == null) {
                capacity.take(1);
                return;
            }
            if (found != null && records.replace(id, found, deferred)) {
                return;
            }
        }
    }

    private static void requireNoUpload(EntryId id, @Nullable Record found) {
        if (found instanceof UploadRecord) {
            throw new IllegalArgumentException("Under the id " + id + " lies an upload, so no entry can.");
        }
    }

    /** Removes what lies there, if it is of this kind; it may change meanwhile, but not its kind. */
    void remove(EntryId id, Class<? extends Record> kind) {
        while (true) {
            Record found = records.get(id);
            if (!kind.isInstance(found)) {
                return;
            }
            if (records.remove(id, found)) {
                capacity.take(-1);
                return;
            }
        }
    }

    ClaimOutcome claim(EntryId id) {
        while (true) {
            ChangeEntry found = entry(id);
            if (found == null) {
                return ClaimOutcome.GONE;
            }
            if (found.state() != State.OPEN) {
                return ClaimOutcome.of(found);
            }
            ChangeEntry claimed = found.claimed();
            if (records.replace(id, found, claimed)) {
                return ClaimOutcome.of(claimed);
            }
        }
    }

    boolean rebase(EntryId id, WriteId base) {
        while (true) {
            ChangeEntry found = entry(id);
            if (found == null || found.state() != State.OPEN) {
                return false;
            }
            if (records.replace(id, found, found.rebased(base))) {
                return true;
            }
        }
    }

    boolean replace(UploadRecord expected, UploadRecord next) {
        return records.replace(expected.id(), expected, next) || next.equals(records.get(next.id()));
    }

    Flux<ChangeEntry> entries() {
        return Flux.fromIterable(records.values()).ofType(ChangeEntry.class);
    }

    Flux<UploadRecord> uploads() {
        return Flux.fromIterable(records.values()).ofType(UploadRecord.class);
    }

    Set<BlobId> referenced(Set<BlobId> blobs) {
        return blobs.stream().filter(this::isReferenced).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isReferenced(BlobId blob) {
        Record found = records.get(EntryId.of(blob));
        if (found instanceof UploadRecord upload) {
            return upload.keepsBlob() && blob.equals(upload.blob());
        }
        return found instanceof ChangeEntry entry && entry.state() != State.DEFERRED && blob.equals(entry.newBlob());
    }
}
