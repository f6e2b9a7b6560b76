// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import reactor.core.publisher.Mono;

/** Passes, and stores without them, that remove the wrong rows. */
final class CollectionMutants {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of("markers are removed a minute too early", EarlyRows::new, "HV-8.1"),
            Mutant.of(
                    "nothing is ever removed",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<Long> collectMarkers() {
                            return super.scan("", "").then(Mono.just(0L));
                        }
                    },
                    "HV-8.2",
                    "HV-8.4",
                    "HV-8.7"),
            Mutant.of(
                    "a pass does not count",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<Long> collectMarkers() {
                            return super.collectMarkers().map(count -> Math.min(count, 1));
                        }
                    },
                    "HV-8.2"),
            Mutant.of("a bump does not make a marker young", BumpsDoNotCount::new, "HV-8.3"),
            Mutant.of(
                    "old inline rows are removed, expired or not",
                    clock -> alsoRemoving(clock, (head, old) -> head.kind() == RowKind.INLINE && old),
                    "HV-8.4"),
            Mutant.of(
                    "expired inline rows are removed at once",
                    clock -> alsoRemoving(
                            clock,
                            (head, old) -> head.kind() == RowKind.INLINE
                                    && head.deadline().isPastAt(clock.nowMicros())),
                    "HV-8.1"),
            Mutant.of(
                    "old dead tombstones are removed",
                    clock -> alsoRemoving(
                            clock,
                            (head, old) -> head.kind() == RowKind.TOMBSTONE
                                    && head.deadline().isDead()
                                    && old),
                    "HV-8.5"),
            Mutant.of("a pass looks first and removes then", LookThenRemove::new, "HV-8.6"),
            Mutant.of("versions of rows that were removed come back", VersionsComeBack::new, "HV-8.7"),
            Mutant.of(
                    "a store that collects by itself forgets markers after an hour",
                    clock -> new CollectsByItself(clock, Duration.ofHours(1), RowKind.MARKER),
                    "HV-8.8"),
            Mutant.of(
                    "a store that collects by itself forgets old tombstones",
                    clock -> new CollectsByItself(clock, Duration.ofHours(25), RowKind.TOMBSTONE),
                    "HV-8.9"),
            Mutant.of(
                    "a store that collects by itself forgets old inline rows, expired or not",
                    clock -> new CollectsByItself(clock, Duration.ofHours(25), RowKind.INLINE),
                    "HV-8.9"));

    private CollectionMutants() {}

    private static boolean isOld(ForwardingRows rows, RowHead head) {
        return head.lastWriteMicros() + rows.retention().toMillis() * 1000
                < rows.clock().nowMicros();
    }

    /** A pass that removes rows of its own choice and then does what it should. */
    private static RemovingRows alsoRemoving(TerraceRuntime clock, BiPredicate<RowHead, Boolean> wrongly) {
        return new RemovingRows(clock) {
            @Override
            public Mono<Long> collectMarkers() {
                return Mono.defer(() -> {
                    long removed = 0;
                    for (ListedRow row : scan("", "").collectList().block()) {
                        if (wrongly.test(row.head(), isOld(this, row.head()))) {
                            remove(row.id());
                            removed++;
                        }
                    }
                    long wrong = removed;
                    return super.collectMarkers().map(right -> right + wrong);
                });
            }
        };
    }

    private static final class EarlyRows extends ForwardingRows {
        EarlyRows(TerraceRuntime clock) {
            super(
                    clock,
                    InMemoryRows.builder(clock)
                            .markerRetention(Duration.ofHours(25).minus(MINUTE))
                            .build());
        }

        @Override
        public Duration retention() {
            return super.retention().plus(MINUTE);
        }
    }

    /** Before each compare-and-set it removes the rows of one kind that are so old. */
    private static final class CollectsByItself extends RemovingRows {
        private final long ageMicros;
        private final RowKind kind;

        CollectsByItself(TerraceRuntime clock, Duration age, RowKind kind) {
            super(clock);
            this.ageMicros = age.toMillis() * 1000;
            this.kind = kind;
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.COLLECTS_MARKERS);
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            return type == MarkerCollection.class ? Optional.empty() : super.facet(type);
        }

        @Override
        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
            return Mono.defer(() -> {
                long now = clock().nowMicros();
                for (ListedRow row : scan("", "").collectList().block()) {
                    if (row.head().kind() == kind && row.head().lastWriteMicros() + ageMicros < now) {
                        remove(row.id());
                    }
                }
                return super.compareAndSet(id, expected, write);
            });
        }
    }

    private static final class BumpsDoNotCount extends RemovingRows {
        private final Map<WriteId, Long> written = new ConcurrentHashMap<>();

        BumpsDoNotCount(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
            written.put(write.writeId(), clock().nowMicros());
            return super.compareAndSet(id, expected, write);
        }

        @Override
        public Mono<Long> collectMarkers() {
            return Mono.defer(() -> {
                long removed = 0;
                for (ListedRow row : scan("", "").collectList().block()) {
                    RowHead head = row.head();
                    Long since = written.get(head.writeId());
                    if (head.kind() == RowKind.MARKER
                            && since != null
                            && since + retention().toMillis() * 1000 < clock().nowMicros()
                            && remove(row)) {
                        removed++;
                    }
                }
                long mine = removed;
                return super.collectMarkers().map(rest -> mine + rest);
            });
        }
    }

    private static final class LookThenRemove extends RemovingRows {
        LookThenRemove(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Long> collectMarkers() {
            return Mono.defer(() -> {
                List<ListedRow> old = scan("", "")
                        .filter(row -> row.head().kind() == RowKind.MARKER && isOld(this, row.head()))
                        .collectList()
                        .block();
                pauseInRaces();
                pauseInRaces();
                old.stream()
                        .filter(row -> head(row.id()).kind() != RowKind.MARKER)
                        .forEach(row -> remove(row.id()));
                return super.collectMarkers();
            });
        }
    }

    /** A bump of an absent row goes on from the last counter that the row ever had. */
    private static final class VersionsComeBack extends ForwardingRows {
        private final Map<ObjectId, Long> counters = new ConcurrentHashMap<>();

        VersionsComeBack(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return Mono.defer(() -> {
                if (!head(id).isAbsent() || change.kind() != RowChange.Kind.FENCE || !expected.isAbsent()) {
                    return super.bump(id, expected, change);
                }
                return super.bump(
                        id, expected, RowChange.fence(counters.computeIfAbsent(id, any -> change.whenAbsent())));
            });
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection);
        }
    }
}
