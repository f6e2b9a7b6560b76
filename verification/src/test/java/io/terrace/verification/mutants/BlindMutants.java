// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Wrong blind operations on rows. */
final class BlindMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a put replaces every tombstone",
                    clock -> putReplaces(clock, head -> head.kind() == RowKind.TOMBSTONE),
                    "HV-3.4",
                    "HV-3.5",
                    "HV-3.6",
                    "HV-3.7"),
            Mutant.of(
                    "a put takes an expired tombstone for an absent row",
                    clock -> putReplaces(
                            clock, head -> head.kind() == RowKind.TOMBSTONE && !head.isLiveAt(clock.nowMicros())),
                    "HV-3.5",
                    "HV-3.6"),
            Mutant.of(
                    "a put replaces a dead tombstone",
                    clock -> putReplaces(
                            clock,
                            head -> head.kind() == RowKind.TOMBSTONE
                                    && head.deadline().isDead()),
                    "HV-3.6"),
            Mutant.of("a put looks for a tombstone first and writes then", LookThenPut::new, "HV-3.7"),
            Mutant.of(
                    "a put fails on an absent row",
                    clock -> putFails(clock, RowKind.ABSENT),
                    "BE-2.2",
                    "HV-1.1",
                    "HV-1.12",
                    "HV-1.13",
                    "HV-1.14",
                    "HV-2.5",
                    "HV-3.1",
                    "HV-3.7",
                    "HV-3.8",
                    "HV-7.2",
                    "HV-7.3",
                    "HV-7.4",
                    "HV-7.5",
                    "HV-7.6",
                    "HV-7.7",
                    "HV-7.8",
                    "HV-7.9",
                    "HV-8.6",
                    "HV-9.2",
                    "HV-9.3",
                    "HV-9.4",
                    "HV-9.5",
                    "HV-9.6",
                    "HV-9.7",
                    "HV-9.8"),
            Mutant.of(
                    "a put fails on an inline row",
                    clock -> putFails(clock, RowKind.INLINE),
                    "HV-1.1",
                    "HV-2.5",
                    "HV-3.2",
                    "HV-3.7",
                    "HV-3.8",
                    "HV-7.4",
                    "HV-7.6",
                    "HV-7.9",
                    "HV-9.7",
                    "HV-9.8"),
            Mutant.of("a put fails on a marker", clock -> putFails(clock, RowKind.MARKER), "HV-3.3", "HV-8.6"),
            Mutant.of(
                    "a put writes the value of another one that runs beside it",
                    MixedPuts::new,
                    "HV-2.5",
                    "HV-3.8",
                    "HV-9.7"),
            Mutant.of(
                    "a delete replaces every tombstone",
                    clock -> deleteReplaces(clock, head -> head.kind() == RowKind.TOMBSTONE),
                    "HV-4.4",
                    "HV-4.5",
                    "HV-4.6",
                    "HV-4.7"),
            Mutant.of(
                    "a delete takes an expired tombstone for an absent row",
                    clock -> deleteReplaces(
                            clock, head -> head.kind() == RowKind.TOMBSTONE && !head.isLiveAt(clock.nowMicros())),
                    "HV-4.5",
                    "HV-4.6"),
            Mutant.of(
                    "a delete replaces a dead tombstone",
                    clock -> deleteReplaces(
                            clock,
                            head -> head.kind() == RowKind.TOMBSTONE
                                    && head.deadline().isDead()),
                    "HV-4.6"),
            Mutant.of("a delete looks for a tombstone first and writes then", LookThenDelete::new, "HV-4.7"),
            Mutant.of("a delete removes the row", DeleteRemoves::new, "HV-1.3", "HV-4.1"),
            Mutant.of(
                    "a delete answers with its own version though it wrote nothing",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
                            return super.deleteUnlessTombstone(id, writeId)
                                    .map(outcome -> outcome instanceof BlindOutcome.Done
                                            ? new BlindOutcome.Done(RowVersion.of(writeId, 0))
                                            : outcome);
                        }
                    },
                    "HV-4.2",
                    "HV-4.3"));

    private BlindMutants() {}

    private static ForwardingRows putReplaces(TerraceRuntime clock, Predicate<RowHead> replaced) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
                return Mono.defer(() -> replaced.test(head(id))
                        ? Mono.just(done(overwrite(id, new RowWrite.Inline(writeId, object))))
                        : super.putUnlessTombstone(id, writeId, object));
            }
        };
    }

    private static ForwardingRows deleteReplaces(TerraceRuntime clock, Predicate<RowHead> replaced) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
                return Mono.defer(() -> replaced.test(head(id))
                        ? Mono.just(done(overwrite(id, new RowWrite.Marker(writeId))))
                        : super.deleteUnlessTombstone(id, writeId));
            }
        };
    }

    private static ForwardingRows putFails(TerraceRuntime clock, RowKind kind) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
                return Mono.defer(() -> head(id).kind() == kind
                        ? Mono.error(new BackendUnavailableException(name(), "no", Determinacy.NOT_APPLIED))
                        : super.putUnlessTombstone(id, writeId, object));
            }
        };
    }

    private static BlindOutcome done(CasOutcome outcome) {
        return outcome.fold(applied -> new BlindOutcome.Done(applied.version()), refused -> {
            throw new IllegalStateException("not written");
        });
    }

    private static final class LookThenPut extends ForwardingRows {
        LookThenPut(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return Mono.defer(() -> {
                RowHead found = head(id);
                if (found.kind() == RowKind.TOMBSTONE) {
                    return Mono.just(new BlindOutcome.Tombstoned(found));
                }
                pauseInRaces();
                return Mono.just(done(overwrite(id, new RowWrite.Inline(writeId, object))));
            });
        }
    }

    private static final class LookThenDelete extends ForwardingRows {
        LookThenDelete(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
            return Mono.defer(() -> {
                RowHead found = head(id);
                if (found.kind() == RowKind.TOMBSTONE) {
                    return Mono.just(new BlindOutcome.Tombstoned(found));
                }
                pauseInRaces();
                return found.kind() == RowKind.INLINE || found.isAbsent()
                        ? Mono.just(done(overwrite(id, new RowWrite.Marker(writeId))))
                        : super.deleteUnlessTombstone(id, writeId);
            });
        }
    }

    /** Its removal is pretended: the reference cannot do it. */
    private static final class DeleteRemoves extends RemovingRows {
        DeleteRemoves(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
            return Mono.defer(() -> {
                if (head(id).kind() == RowKind.INLINE) {
                    remove(id);
                    return Mono.just(new BlindOutcome.Done(RowVersion.of(writeId, 0)));
                }
                return super.deleteUnlessTombstone(id, writeId);
            });
        }
    }

    private static final class MixedPuts extends ForwardingRows {
        private final Map<ObjectId, AtomicInteger> running = new ConcurrentHashMap<>();
        private final Map<ObjectId, InlineObject> first = new ConcurrentHashMap<>();

        MixedPuts(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return Mono.defer(() -> {
                AtomicInteger beside = running.computeIfAbsent(id, any -> new AtomicInteger());
                boolean alone = beside.incrementAndGet() == 1;
                if (alone) {
                    first.put(id, object);
                }
                try {
                    pauseInRaces();
                    InlineObject written = alone ? object : first.getOrDefault(id, object);
                    return Mono.just(
                            super.putUnlessTombstone(id, writeId, written).block());
                } finally {
                    beside.decrementAndGet();
                }
            });
        }
    }
}
