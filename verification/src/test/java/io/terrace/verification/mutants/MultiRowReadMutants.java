// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.MultiRowReads.FoundRow;
import io.terrace.spi.Row;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;

/** Wrong reads of many rows. */
final class MultiRowReadMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a read of many leaves markers out",
                    clock -> reading(clock, (rows, ids, projection) -> rows.readAll(ids, projection)
                            .filter(found -> found.row().kind() != RowKind.MARKER)),
                    "HV-9.1"),
            Mutant.of(
                    "a read of many leaves expired rows out",
                    clock -> reading(clock, (rows, ids, projection) -> rows.readAll(ids, projection)
                            .filter(found -> found.row().kind() == RowKind.MARKER
                                    || found.row().head().isLiveAt(clock.nowMicros()))),
                    "HV-9.1"),
            Mutant.of(
                    "a read of many moves the payloads of heads",
                    clock -> reading(clock, (rows, ids, projection) -> rows.readAll(ids, RowProjection.FULL)),
                    "HV-9.1"),
            Mutant.of("no ids are all", AllOfNone::new, "HV-9.2"),
            Mutant.of(
                    "a read of many answers with names in lower case",
                    clock -> reading(clock, (rows, ids, projection) -> rows.readAll(ids, projection)
                            .map(found -> new FoundRow(
                                    ObjectId.of(
                                            found.id().context(),
                                            found.id().key().toLowerCase(Locale.ROOT)),
                                    found.row()))),
                    "HV-9.3"),
            Mutant.of(
                    "a read of many answers each time that an id is named",
                    clock -> reading(clock, (rows, ids, projection) -> rows.readAll(ids, projection)
                            .thenMany(
                                    Flux.fromIterable(ids).concatMap(id -> rows.readAll(List.of(id), projection), 1))),
                    "HV-9.4"),
            Mutant.of(
                    "a read of many forgets the ids that are too many",
                    clock -> reading(
                            clock,
                            (rows, ids, projection) -> rows.readAll(
                                    ids.stream().limit(rows.maxRows()).toList(), projection)),
                    "HV-9.5"),
            Mutant.of(
                    "a read of many emits everything at once",
                    clock -> reading(
                            clock,
                            (rows, ids, projection) -> RowListingMutants.ignoringDemand(rows.readAll(ids, projection))),
                    "HV-9.6"),
            Mutant.of("a read of many takes heads and payloads at different times", Mixed::new, "HV-9.7"),
            Mutant.of("a read of many remembers what it read", Remembered::new, "HV-9.8"));

    private MultiRowReadMutants() {}

    private interface Wrongly {
        Flux<FoundRow> readAll(MultiRowReads rows, Collection<ObjectId> ids, RowProjection projection);
    }

    private static ForwardingRows reading(TerraceRuntime clock, Wrongly wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
                return wrongly.readAll(rows(), ids, projection);
            }
        };
    }

    private static final class AllOfNone extends ForwardingRows {
        AllOfNone(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
            return ids.isEmpty()
                    ? scan("", "").map(listed -> new FoundRow(listed.id(), new Row(listed.head(), null)))
                    : super.readAll(ids, projection);
        }
    }

    private static final class Mixed extends ForwardingRows {
        Mixed(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
            return super.readAll(ids, projection).concatMap(found -> {
                pauseInRaces();
                return read(found.id(), projection)
                        .map(later -> new FoundRow(
                                found.id(), new Row(later.head(), found.row().payload())));
            });
        }
    }

    private static final class Remembered extends ForwardingRows {
        private record Read(ObjectId id, RowProjection projection) {}

        private final Map<Read, FoundRow> read = new ConcurrentHashMap<>();

        Remembered(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
            return super.readAll(ids, projection)
                    .map(found -> Objects.requireNonNullElse(
                            read.putIfAbsent(new Read(found.id(), projection), found), found));
        }
    }
}
