// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.Health;
import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.Pins;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.WriteId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A change log in memory, the reference for what a change log does. It belongs to one instance of a store and outlives it
 * only if it is handed to the next one, so every entry of it is due.
 */
public final class InMemoryChangeLog implements ChangeLog {

    private final Held<EntryTable> table;
    private final Pins pins;
    private final UploadRecords uploads;

    private InMemoryChangeLog(long maxEntries) {
        this.table = new Held<>(new EntryTable(maxEntries));
        this.pins = new InMemoryPins(table);
        this.uploads = new InMemoryUploadRecords(table);
    }

    /** An empty log for a million entries. */
    public static InMemoryChangeLog create() {
        return create(InMemoryOptions.DEFAULT_ENTRIES);
    }

    /** An empty log for that many entries; further ones are refused. */
    public static InMemoryChangeLog create(long maxEntries) {
        return new InMemoryChangeLog(maxEntries);
    }

    @Override
    public String name() {
        return Held.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Mono<Void> append(ChangeEntry entry) {
        requireNonNull(entry, "entry");
        return table.call(entries -> {
            entries.append(entry);
            return Mono.empty();
        });
    }

    @Override
    public Mono<ChangeEntry> get(EntryId id) {
        requireNonNull(id, "id");
        return table.call(entries -> Mono.justOrEmpty(entries.entry(id)));
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        requireNonNull(id, "id");
        return table.call(entries -> {
            entries.remove(id, ChangeEntry.class);
            return Mono.empty();
        });
    }

    @Override
    public Mono<ClaimOutcome> claim(EntryId id) {
        requireNonNull(id, "id");
        return table.call(entries -> Mono.just(entries.claim(id)));
    }

    @Override
    public Mono<Boolean> rebase(EntryId id, WriteId base) {
        requireNonNull(id, "id");
        requireNonNull(base, "base");
        return table.call(entries -> Mono.just(entries.rebase(id, base)));
    }

    @Override
    public Mono<Void> defer(EntryId id, List<BlobId> oldBlobs) {
        requireNonNull(id, "id");
        List<BlobId> kept = List.copyOf(oldBlobs);
        return table.call(entries -> {
            if (kept.isEmpty()) {
                return Mono.error(new IllegalArgumentException("An entry is deferred for at least one blob: " + id));
            }
            entries.defer(ChangeEntry.deferred(id, kept));
            return Mono.empty();
        });
    }

    @Override
    public Flux<ChangeEntry> scan(ScanScope scope) {
        requireNonNull(scope, "scope");
        return table.stream(EntryTable::entries);
    }

    @Override
    public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
        Set<BlobId> asked = Set.copyOf(blobs);
        return table.call(entries -> Mono.just(entries.referenced(asked)));
    }

    @Override
    public Pins pins() {
        return pins;
    }

    @Override
    public UploadRecords uploads() {
        return uploads;
    }

    @Override
    public Mono<Health> check() {
        return table.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return table.closeLater();
    }
}
