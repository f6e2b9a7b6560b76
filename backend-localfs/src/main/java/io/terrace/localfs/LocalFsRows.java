// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.OnDemand;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows as files, one each, safe among processes. A row is replaced as a whole by a rename, so a reader takes no lock; a
 * writer takes the row's lock, looks, renames, and answers when the directory is on the disk.
 */
final class LocalFsRows implements HighVolumeBackend, MultiRowReads, RowListing, MarkerCollection {

    /** So that one call neither fills the queue of the threads nor leaves most of them idle. */
    private static final int READS_AT_A_TIME = 4;

    private static final int MAX_ROWS = 256;

    private final Layout layout;
    private final TerraceRuntime runtime;
    private final Duration retention;
    private final IoThreads io;
    private final RowChanges changes;
    private final RowUpdates updates;

    LocalFsRows(Layout layout, IoThreads io, TerraceRuntime runtime, Duration retention, Locked locked) {
        this.layout = layout;
        this.io = io;
        this.runtime = runtime;
        this.retention = retention;
        this.changes = new RowChanges(retention);
        this.updates = new RowUpdates(layout, io, locked);
    }

    @Override
    public String name() {
        return LocalFsErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.SHARED);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        requireNonNull(id, "id");
        boolean full = requireNonNull(projection, "projection") == RowProjection.FULL;
        return io.call(() -> {
            try {
                Path path = StorePaths.row(layout.rows(), id);
                RowFile row = full ? RowFile.readAll(path, id) : RowFile.readHead(path, id);
                return row == null ? null : new Row(row.head(), row.payload());
            } catch (IOException e) {
                throw LocalFsErrors.of("reading the row of " + id, e);
            }
        });
    }

    @Override
    public int maxRows() {
        return MAX_ROWS;
    }

    @Override
    public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
        requireNonNull(projection, "projection");
        if (ids.size() > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "There are " + ids.size() + " ids, but one call takes at most " + MAX_ROWS + ".");
        }
        return Flux.defer(() -> Flux.fromIterable(new LinkedHashSet<>(ids)))
                .flatMap(id -> read(id, projection).map(row -> new FoundRow(id, row)), READS_AT_A_TIME, 1);
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        requireNonNull(writeId, "writeId");
        requireNonNull(object, "object");
        return updates.put(id, () -> {
            RowHead next = RowChanges.inline(RowVersion.of(writeId, 0), object, runtime.nowMicros());
            List<ByteBuffer> content = changes.encode(id, next, object.payload());
            return new RowUpdates.Prepared<>(content, path -> RowChanges.put(head(path, id), next, content));
        });
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        requireNonNull(writeId, "writeId");
        return updates.change(id, false, path -> changes.delete(id, head(path, id), writeId, runtime.nowMicros()));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        requireNonNull(expected, "expected");
        ByteBuffer payload =
                write instanceof RowWrite.Inline inline ? inline.object().payload() : null;
        return updates.change(id, true, path -> {
            RowHead next = RowChanges.headOf(write, runtime.nowMicros());
            return changes.compareAndSet(id, head(path, id), expected, next, payload);
        });
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        requireNonNull(expected, "expected");
        requireNonNull(change, "change");
        return updates.change(
                id,
                true,
                path -> changes.bump(id, RowFile.readAll(path, id), expected.version(), change, runtime.nowMicros()));
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        requireNonNull(prefix, "prefix");
        requireNonNull(after, "after");
        return OnDemand.read(() -> new RowScan(io, layout.rows(), prefix, after))
                .map(row -> new ListedRow(row.object(), row.head()));
    }

    @Override
    public Duration retention() {
        return retention;
    }

    @Override
    public Mono<Long> collectMarkers() {
        return allRows()
                .filter(row -> changes.isCollectable(row.frame(), runtime.nowMicros()))
                .concatMap(row -> updates.remove(row.object(), this::stillCollectable), 1)
                .filter(removed -> removed)
                .count();
    }

    @Override
    public Mono<Health> check() {
        return Checks.of(layout, io, updates.fuse(), "rows in " + layout.rows());
    }

    @Override
    public Mono<Void> closeLater() {
        return io.closeLater();
    }

    private boolean stillCollectable(Path path, ObjectId id) throws IOException {
        RowFile row = RowFile.readHead(path, id);
        return row != null && changes.isCollectable(row.frame(), runtime.nowMicros());
    }

    /** In no particular order, which spares the search for it. */
    private Flux<RowFile> allRows() {
        Supplier<FileWalk<RowFile>> walk = () -> new FileWalk<>(layout.rows(), "", LocalFsRows::rowAt);
        return FileWalk.pages(io, walk, "looking for rows to collect");
    }

    private static @Nullable RowFile rowAt(Path file, FileWalk.Candidate candidate) throws IOException {
        return StorePaths.isRow(candidate.fileName()) ? RowFile.readHead(file, null) : null;
    }

    private static RowHead head(Path path, ObjectId id) throws IOException {
        return RowChanges.headOf(RowFile.readHead(path, id));
    }
}
