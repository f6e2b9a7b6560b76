// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static io.terrace.inmemory.RowTable.Decision.leave;
import static io.terrace.inmemory.RowTable.Decision.settle;
import static io.terrace.inmemory.RowTable.Decision.write;
import static java.util.Objects.requireNonNull;

import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.TooLargeException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Rows in memory, the reference for what a row store does. Any number of instances; each has its own rows and loses them
 * when it is closed. Nothing is collected unless {@link #collectMarkers()} is called.
 */
public final class InMemoryRows implements HighVolumeBackend, MultiRowReads, RowListing, MarkerCollection {

    private static final int MAX_ROWS = 1000;

    private final TerraceRuntime runtime;
    private final Duration retention;
    private final int maxPayloadBytes;
    private final boolean reportObserved;
    private final Held<RowTable> table;

    private InMemoryRows(Builder from) {
        this.runtime = from.runtime;
        this.retention = from.markerRetention;
        this.maxPayloadBytes = from.maxPayloadBytes;
        this.reportObserved = from.reportObserved;
        this.table = new Held<>(new RowTable(from.capacityBytes));
    }

    /** An empty store with the defaults. The runtime's clock stamps the rows and decides what can be collected. */
    public static InMemoryRows create(TerraceRuntime runtime) {
        return builder(runtime).build();
    }

    public static Builder builder(TerraceRuntime runtime) {
        return new Builder(runtime);
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
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        requireNonNull(id, "id");
        requireNonNull(projection, "projection");
        return table.call(rows -> Mono.justOrEmpty(rows.get(id.storagePath())).map(row -> row.read(projection)));
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
        return table.stream(rows -> Flux.fromIterable(new LinkedHashSet<>(ids)).<FoundRow>handle((id, sink) -> {
            StoredRow row = rows.get(id.storagePath());
            if (row != null) {
                sink.next(new FoundRow(id, row.read(projection)));
            }
        }));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        requireNonNull(id, "id");
        requireNonNull(writeId, "writeId");
        requireNonNull(object, "object");
        return table.call(rows -> {
            checkSize(object);
            StoredRow next = StoredRow.inline(id, writeId, object, runtime.nowMicros());
            return Mono.just(rows.<BlindOutcome>update(
                    id.storagePath(),
                    row -> row != null && row.isTombstone()
                            ? leave(new BlindOutcome.Tombstoned(row.head()))
                            : write(next, new BlindOutcome.Done(next.head().version()))));
        });
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        requireNonNull(id, "id");
        requireNonNull(writeId, "writeId");
        return table.call(rows -> {
            StoredRow next = StoredRow.marker(id, writeId, runtime.nowMicros());
            return Mono.just(rows.<BlindOutcome>update(id.storagePath(), row -> {
                if (row != null && row.isTombstone()) {
                    return leave(new BlindOutcome.Tombstoned(row.head()));
                }
                return row != null && row.head().kind() == RowKind.INLINE
                        ? settle(next, new BlindOutcome.Done(next.head().version()))
                        : leave(new BlindOutcome.Done(StoredRow.headOf(row).version()));
            }));
        });
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        requireNonNull(id, "id");
        requireNonNull(expected, "expected");
        requireNonNull(write, "write");
        return table.call(rows -> {
            if (write instanceof RowWrite.Inline inline) {
                checkSize(inline.object());
            }
            StoredRow next = StoredRow.of(id, write, runtime.nowMicros());
            boolean removes = write instanceof RowWrite.Marker;
            CasOutcome applied = new CasOutcome.Applied(next.head().version());
            return Mono.just(rows.<CasOutcome>update(id.storagePath(), row -> {
                RowHead found = StoredRow.headOf(row);
                if (!found.version().equals(expected)) {
                    return leave(refusedBy(found));
                }
                return removes ? settle(next, applied) : write(next, applied);
            }));
        });
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        requireNonNull(id, "id");
        requireNonNull(expected, "expected");
        requireNonNull(change, "change");
        return table.call(rows -> Mono.just(rows.<CasOutcome>update(id.storagePath(), row -> {
            RowHead found = StoredRow.headOf(row);
            long now = runtime.nowMicros();
            if (!found.version().equals(expected.version()) || change.isTooLateFor(found, now)) {
                return leave(refusedBy(found));
            }
            RowHead next = change.applyTo(found, now);
            return settle(StoredRow.bumped(id, row, next), new CasOutcome.Applied(next.version()));
        })));
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        requireNonNull(prefix, "prefix");
        requireNonNull(after, "after");
        return table.stream(rows -> rows.scan(prefix, after).map(row -> new ListedRow(row.id(), row.head())));
    }

    @Override
    public Duration retention() {
        return retention;
    }

    @Override
    public Mono<Long> collectMarkers() {
        return table.call(rows -> {
            long now = runtime.nowMicros();
            long micros = retention.toMillis() * 1000;
            // By identity: a row that was written meanwhile is another one, and stays.
            return rows.scan("", "")
                    .filter(row -> RowFrame.collectAt(row.head(), micros) < now)
                    .filter(rows::remove)
                    .count();
        });
    }

    @Override
    public Mono<Health> check() {
        return table.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return table.closeLater();
    }

    private CasOutcome refusedBy(RowHead found) {
        return new CasOutcome.Refused(reportObserved ? found : null, false);
    }

    private void checkSize(InlineObject object) {
        int size = object.payload().remaining();
        if (size > maxPayloadBytes) {
            throw new TooLargeException(
                    Held.NAME,
                    "The payload of " + size + " bytes does not fit into a row, which takes at most " + maxPayloadBytes
                            + ". Store it in the long-term tier or raise max-payload-bytes.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private final TerraceRuntime runtime;
        private Duration markerRetention = InMemoryOptions.DEFAULT_RETENTION;
        private long capacityBytes = InMemoryOptions.DEFAULT_CAPACITY_BYTES;
        private int maxPayloadBytes = InMemoryOptions.DEFAULT_PAYLOAD_BYTES;
        private boolean reportObserved = true;

        private Builder(TerraceRuntime runtime) {
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** How long a marker is kept after its last write; 25 hours by default. Counted in milliseconds. */
        public Builder markerRetention(Duration retention) {
            if (retention.isNegative()) {
                throw new IllegalArgumentException("A retention must not be negative, but is " + retention + ".");
            }
            this.markerRetention = requireNonNull(retention, "retention");
            return this;
        }

        /** How many bytes of keys and payloads fit; 256 MiB by default. */
        public Builder capacityBytes(long bytes) {
            this.capacityBytes = bytes;
            return this;
        }

        /** The largest payload of a row; 8 MiB by default. */
        public Builder maxPayloadBytes(int bytes) {
            this.maxPayloadBytes = bytes;
            return this;
        }

        /**
         * Whether a refusal carries the row that refused. False makes this a store that answers a conditional write with
         * yes or no only, as some do.
         */
        public Builder reportObserved(boolean reportObserved) {
            this.reportObserved = reportObserved;
            return this;
        }

        public InMemoryRows build() {
            return new InMemoryRows(this);
        }
    }
}
