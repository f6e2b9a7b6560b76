// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import static java.util.Objects.requireNonNull;

import com.example.journal.Journal.Decision;
import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.util.NavigableMap;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows over a {@link Journal}. */
final class JournalRows implements HighVolumeBackend, RowListing {

    private final Journal journal;
    private final TerraceRuntime runtime;

    JournalRows(Journal journal, TerraceRuntime runtime) {
        this.journal = journal;
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return JournalErrors.BACKEND;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.COLLECTS_MARKERS);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        requireNonNull(projection, "projection");
        String path = id.storagePath();
        return Mono.defer(() -> Mono.justOrEmpty(journal.rows().get(path)).map(row -> row.read(projection)));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        requireNonNull(expected, "expected");
        requireNonNull(write, "write");
        return Mono.defer(() -> {
            RowWrite mine = StoredRow.copyOf(write);
            return journal.change(id.storagePath(), row -> {
                RowHead found = StoredRow.headOf(row);
                if (!found.version().equals(expected)) {
                    return new Decision<>(null, new CasOutcome.Refused(found, false));
                }
                StoredRow next = StoredRow.of(id, mine, runtime.nowMicros());
                return new Decision<>(next, new CasOutcome.Applied(next.head().version()));
            });
        });
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        requireNonNull(expected, "expected");
        requireNonNull(change, "change");
        return journal.change(id.storagePath(), row -> {
            RowHead found = StoredRow.headOf(row);
            long now = runtime.nowMicros();
            if (!found.version().equals(expected.version()) || change.isTooLateFor(found, now)) {
                return new Decision<>(null, new CasOutcome.Refused(found, false));
            }
            StoredRow next = StoredRow.bumped(id, row, change.applyTo(found, now));
            return new Decision<>(next, new CasOutcome.Applied(next.head().version()));
        });
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return writeBlindly(id, new RowWrite.Inline(writeId, object));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return writeBlindly(id, new RowWrite.Marker(writeId));
    }

    private Mono<BlindOutcome> writeBlindly(ObjectId id, RowWrite write) {
        return Mono.defer(() -> {
            RowWrite mine = StoredRow.copyOf(write);
            return journal.change(id.storagePath(), row -> {
                RowHead found = StoredRow.headOf(row);
                if (found.kind() == RowKind.TOMBSTONE) {
                    return new Decision<>(null, new BlindOutcome.Tombstoned(found));
                }
                if (mine instanceof RowWrite.Marker && found.kind() != RowKind.INLINE) {
                    return new Decision<>(null, new BlindOutcome.Done(found.version()));
                }
                StoredRow next = StoredRow.of(id, mine, runtime.nowMicros());
                return new Decision<>(next, new BlindOutcome.Done(next.head().version()));
            });
        });
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        requireNonNull(prefix, "prefix");
        requireNonNull(after, "after");
        return Flux.defer(() -> {
                    NavigableMap<String, StoredRow> rest = ORDER.compare(after, prefix) >= 0
                            ? journal.rows().tailMap(after, false)
                            : journal.rows().tailMap(prefix, true);
                    return Flux.fromIterable(rest.values());
                })
                .takeWhile(row -> row.id().storagePath().startsWith(prefix))
                .map(row -> new ListedRow(row.id(), row.head()));
    }

    @Override
    public Mono<Health> check() {
        return journal.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return journal.closeLater();
    }
}
