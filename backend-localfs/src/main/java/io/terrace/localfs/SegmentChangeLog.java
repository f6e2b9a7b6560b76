// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.localfs.LogState.Held;
import io.terrace.spi.BlobId;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeEntry.State;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A change log in a file, for one process. The entries in flight are in memory too, where they are looked up; the file is
 * read when the log is opened. Since nobody else writes here, every entry of it is due.
 */
final class SegmentChangeLog implements ChangeLog, Pins {

    private final Layout layout;
    private final LogState state;
    private final LogWriter writer;
    private final LogOwnership ownership;
    private final IoThreads io;
    private final int maxEntries;
    private final UploadRecords uploads;

    SegmentChangeLog(
            Layout layout, LogState state, LogWriter writer, LogOwnership ownership, IoThreads io, int maxEntries) {
        this.layout = layout;
        this.state = state;
        this.writer = writer;
        this.ownership = ownership;
        this.io = io;
        this.maxEntries = maxEntries;
        this.uploads = new SegmentUploadRecords(this, state, writer);
    }

    @Override
    public String name() {
        return LocalFsErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE);
    }

    @Override
    public Mono<Void> append(ChangeEntry entry) {
        requireNonNull(entry, "entry");
        return writer.call("appending the entry " + entry.id(), batch -> {
            requireNoUpload(batch, entry.id());
            if (batch.get(entry.id()) == null) {
                checkRoom(batch);
                batch.add(new LogRecord.Append(entry));
            }
            return null;
        });
    }

    @Override
    public Mono<ChangeEntry> get(EntryId id) {
        requireNonNull(id, "id");
        return read(() -> {
            Held held = state.get(id);
            return held == null ? null : held.entry();
        });
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        requireNonNull(id, "id");
        return writer.call("removing the entry " + id, batch -> {
            if (batch.get(id) != null) {
                batch.add(new LogRecord.Remove(id));
            }
            return null;
        });
    }

    @Override
    public Mono<ClaimOutcome> claim(EntryId id) {
        requireNonNull(id, "id");
        return writer.call("claiming the entry " + id, batch -> {
            ChangeEntry found = batch.get(id);
            if (found == null) {
                return ClaimOutcome.GONE;
            }
            if (found.state() != State.OPEN) {
                return ClaimOutcome.of(found);
            }
            batch.add(new LogRecord.Claim(id));
            return ClaimOutcome.of(found.claimed());
        });
    }

    @Override
    public Mono<Boolean> rebase(EntryId id, WriteId base) {
        requireNonNull(id, "id");
        requireNonNull(base, "base");
        return writer.call("rebasing the entry " + id, batch -> {
            ChangeEntry found = batch.get(id);
            if (found == null || found.state() != State.OPEN) {
                return false;
            }
            batch.add(new LogRecord.Rebase(id, base));
            return true;
        });
    }

    @Override
    public Mono<Void> defer(EntryId id, List<BlobId> oldBlobs) {
        requireNonNull(id, "id");
        List<BlobId> kept = List.copyOf(oldBlobs);
        return writer.call("deferring the entry " + id, batch -> {
            if (kept.isEmpty()) {
                throw new IllegalArgumentException("An entry is deferred for at least one blob: " + id);
            }
            requireNoUpload(batch, id);
            batch.add(new LogRecord.Defer(id, kept));
            return null;
        });
    }

    @Override
    public Flux<ChangeEntry> scan(ScanScope scope) {
        requireNonNull(scope, "scope");
        return Flux.defer(() -> {
            checkOpen();
            return Flux.fromIterable(state.entries()).mapNotNull(Held::entry);
        });
    }

    @Override
    public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
        Set<BlobId> asked = Set.copyOf(blobs);
        return read(() -> state.referenced(asked));
    }

    @Override
    public UploadRecords uploads() {
        return uploads;
    }

    @Override
    public Pins pins() {
        return this;
    }

    @Override
    public Mono<Void> pin(String name) {
        requireNonNull(name, "name");
        return writer.call("setting the pin '" + name + "'", batch -> {
            if (!batch.isPinned(name)) {
                batch.add(new LogRecord.Pin(name));
            }
            return null;
        });
    }

    @Override
    public Mono<Void> unpin(String name) {
        requireNonNull(name, "name");
        return writer.call("removing the pin '" + name + "'", batch -> {
            if (batch.isPinned(name)) {
                batch.add(new LogRecord.Unpin(name));
            }
            return null;
        });
    }

    @Override
    public Mono<Boolean> any() {
        return read(() -> !state.pins().isEmpty());
    }

    @Override
    public Flux<String> list() {
        return Flux.defer(() -> {
            checkOpen();
            return Flux.fromIterable(state.pins());
        });
    }

    @Override
    public Mono<Health> check() {
        return Checks.of(layout, io, writer.fuse(), "change log in " + layout.log());
    }

    @Override
    public Mono<Void> closeLater() {
        return writer.closeLater(ownership::release);
    }

    <T> Mono<T> read(Supplier<@Nullable T> look) {
        return Mono.fromSupplier(() -> {
            checkOpen();
            return look.get();
        });
    }

    void checkOpen() {
        if (io.isClosed()) {
            throw new BackendUnavailableException(
                    LocalFsErrors.BACKEND, "The change log is closed. Open it again.", Determinacy.NOT_APPLIED);
        }
    }

    private static void requireNoUpload(LogBatch batch, EntryId id) {
        if (batch.upload(id) != null) {
            throw new IllegalArgumentException("Under the id " + id + " lies an upload, so no entry can.");
        }
    }

    void checkRoom(LogBatch batch) {
        if (batch.entriesAtMost() >= maxEntries) {
            throw new AtCapacityException(
                    LocalFsErrors.BACKEND,
                    "The change log holds " + maxEntries
                            + " entries and uploads, which is the limit. See why they are not settled: run recovery, remove old pins,"
                            + " or raise log-entries.",
                    Determinacy.NOT_APPLIED);
        }
    }
}
