// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.WriteId;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The entries by id, whose UUIDs are ordered by time, and the pins. */
final class EntryTable {

    private final ConcurrentNavigableMap<EntryId, ChangeEntry> entries = new ConcurrentSkipListMap<>();
    private final NavigableSet<String> pins = new ConcurrentSkipListSet<>();
    private final Capacity capacity;

    EntryTable(long maxEntries) {
        this.capacity = new Capacity("entries", maxEntries);
    }

    Set<String> pins() {
        return pins;
    }

    @Nullable
    ChangeEntry get(EntryId id) {
        return entries.get(id);
    }

    void append(ChangeEntry entry) {
        if (entries.containsKey(entry.id())) {
            return;
        }
        capacity.reserve(1);
        if (entries.putIfAbsent(entry.id(), entry) != null) {
            capacity.take(-1);
        }
    }

    void put(ChangeEntry entry) {
        if (entries.put(entry.id(), entry) == null) {
            capacity.take(1);
        }
    }

    void remove(EntryId id) {
        if (entries.remove(id) != null) {
            capacity.take(-1);
        }
    }

    ClaimOutcome claim(EntryId id) {
        while (true) {
            ChangeEntry found = entries.get(id);
            if (found == null) {
                return ClaimOutcome.GONE;
            }
            if (found.state() != State.OPEN) {
                return ClaimOutcome.of(found);
            }
            ChangeEntry claimed = found.claimed();
            if (entries.replace(id, found, claimed)) {
                return ClaimOutcome.of(claimed);
            }
        }
    }

    boolean rebase(EntryId id, WriteId base) {
        while (true) {
            ChangeEntry found = entries.get(id);
            if (found == null || found.state() != State.OPEN) {
                return false;
            }
            if (entries.replace(id, found, found.rebased(base))) {
                return true;
            }
        }
    }

    Flux<ChangeEntry> scan() {
        return Flux.fromIterable(entries.values());
    }

    Set<BlobId> referenced(Set<BlobId> blobs) {
        return blobs.stream().filter(this::isBrought).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isBrought(BlobId blob) {
        ChangeEntry entry = entries.get(EntryId.of(blob));
        return entry != null && entry.state() != State.DEFERRED && blob.equals(entry.newBlob());
    }
}
