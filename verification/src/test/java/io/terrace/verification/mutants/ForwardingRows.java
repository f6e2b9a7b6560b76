// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The reference's rows, to be made wrong in one method. */
class ForwardingRows implements HighVolumeBackend, MultiRowReads, RowListing, MarkerCollection {

    private final TerraceRuntime clock;
    private final InMemoryRows rows;

    ForwardingRows(TerraceRuntime clock) {
        this(clock, InMemoryRows.create(clock));
    }

    ForwardingRows(TerraceRuntime clock, InMemoryRows rows) {
        this.clock = clock;
        this.rows = rows;
    }

    TerraceRuntime clock() {
        return clock;
    }

    /** The reference itself, for what a mutant does behind the kit's back. */
    InMemoryRows rows() {
        return rows;
    }

    /** A row as the reference has it now. */
    final RowHead head(ObjectId id) {
        return rows.read(id, RowProjection.HEAD).map(Row::head).blockOptional().orElse(RowHead.ABSENT);
    }

    /** Writes whatever is there, a tombstone too. */
    final CasOutcome overwrite(ObjectId id, RowWrite write) {
        while (true) {
            CasOutcome outcome =
                    rows.compareAndSet(id, head(id).version(), write).block();
            if (outcome instanceof CasOutcome.Applied) {
                return outcome;
            }
        }
    }

    /** Gives others the time to come in between, in the kit's races, which have threads of their own. */
    static void pauseInRaces() {
        if (inRace()) {
            Mono.delay(Duration.ofMillis(1)).block();
        }
    }

    static boolean inRace() {
        return Thread.currentThread().getName().contains("racer");
    }

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return rows.capabilities();
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return rows.read(id, projection);
    }

    @Override
    public int maxRows() {
        return rows.maxRows();
    }

    /** By reads, so that whoever reads a row wrongly does so here too. */
    @Override
    public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
        if (ids.size() > maxRows()) {
            throw new IllegalArgumentException(ids.size() + " ids");
        }
        return Flux.fromIterable(Set.copyOf(ids))
                .concatMap(id -> read(id, projection).map(row -> new FoundRow(id, row)), 1);
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return rows.putUnlessTombstone(id, writeId, object);
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return rows.deleteUnlessTombstone(id, writeId);
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return rows.compareAndSet(id, expected, write);
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return rows.bump(id, expected, change);
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        return rows.scan(prefix, after);
    }

    @Override
    public Duration retention() {
        return rows.retention();
    }

    @Override
    public Mono<Long> collectMarkers() {
        return rows.collectMarkers();
    }

    @Override
    public Mono<Health> check() {
        return rows.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return rows.closeLater();
    }

    /** Rows whose heads come back changed from every read and every listing. */
    static ForwardingRows withHeads(TerraceRuntime clock, UnaryOperator<RowHead> change) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<Row> read(ObjectId id, RowProjection projection) {
                return super.read(id, projection).map(row -> new Row(change.apply(row.head()), row.payload()));
            }

            @Override
            public Flux<ListedRow> scan(String prefix, String after) {
                return super.scan(prefix, after).map(row -> new ListedRow(row.id(), change.apply(row.head())));
            }
        };
    }
}
