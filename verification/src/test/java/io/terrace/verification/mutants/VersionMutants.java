// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.util.List;
import java.util.function.BiPredicate;
import reactor.core.publisher.Mono;

/** Wrong comparisons of versions, and wrong answers about them. */
final class VersionMutants {

    private static final WriteId NOBODYS = new WriteId(0xBAD, 0xBAD);

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a write compares the write id only",
                    clock -> comparing(
                            clock, (found, expected) -> found.writeId().equals(expected.writeId())),
                    "HV-5.3",
                    "HV-5.4",
                    "HV-5.5",
                    "HV-6.9",
                    "HV-6.11",
                    "HV-8.2",
                    "HV-8.7"),
            Mutant.of(
                    "a write compares the bump counter only",
                    clock -> comparing(clock, (found, expected) -> found.bump() == expected.bump()),
                    "HV-1.2",
                    "HV-1.4",
                    "HV-1.7",
                    "HV-1.11",
                    "HV-5.3",
                    "HV-5.4",
                    "HV-5.6",
                    "HV-5.7",
                    "HV-5.8",
                    "HV-5.9"),
            Mutant.of(
                    "a write accepts the version before the last bump",
                    clock -> comparing(
                            clock,
                            (found, expected) -> found.equals(expected)
                                    || (!found.isAbsent()
                                            && found.equals(RowVersion.of(expected.writeId(), expected.bump() + 1)))),
                    "HV-5.5",
                    "HV-6.9",
                    "HV-6.11",
                    "HV-8.7"),
            Mutant.of(
                    "a write compares the first half of the write id",
                    clock -> comparing(
                            clock,
                            (found, expected) -> found.bump() == expected.bump()
                                    && found.writeId().high()
                                            == expected.writeId().high()),
                    "HV-1.11"),
            Mutant.of(
                    "a write compares 32 bits of the bump counter",
                    clock -> comparing(
                            clock,
                            (found, expected) -> found.writeId().equals(expected.writeId())
                                    && (int) found.bump() == (int) expected.bump()
                                    && found.isAbsent() == expected.isAbsent()),
                    "HV-5.5",
                    "HV-6.9"),
            Mutant.of(
                    "a write that expects nothing replaces a marker",
                    clock -> writing(clock, (found, expected) -> expected.isAbsent() && found.kind() == RowKind.MARKER),
                    "HV-5.3",
                    "HV-6.9",
                    "HV-6.11"),
            Mutant.of(
                    "a write at any version creates a row",
                    clock -> writing(clock, (found, expected) -> found.isAbsent()),
                    "HV-5.4",
                    "HV-5.7",
                    "HV-8.2"),
            Mutant.of(
                    "an expired row cannot be replaced",
                    clock -> refusing(
                            clock, (found, write) -> !found.isLiveAt(clock.nowMicros()) && found.metadata() != null),
                    "HV-1.2",
                    "HV-2.7",
                    "HV-5.2",
                    "HV-5.9",
                    "HV-6.11"),
            Mutant.of(
                    "a write that creates a row answers with another version",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                            return super.compareAndSet(id, expected, write)
                                    .map(outcome -> expected.isAbsent() && outcome instanceof CasOutcome.Applied
                                            ? new CasOutcome.Applied(RowVersion.of(write.writeId(), 1))
                                            : outcome);
                        }
                    },
                    "HV-5.1",
                    "HV-5.8"),
            Mutant.of("a write compares first and writes then", CompareThenSet::new, "HV-5.8", "HV-5.9", "HV-6.11"),
            Mutant.of(
                    "a refusal reports that there is no row",
                    clock -> observing(clock, RowHead.ABSENT),
                    "HV-5.7",
                    "HV-6.12"),
            Mutant.of(
                    "every refusal is called ambiguous",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                            return super.compareAndSet(id, expected, write).map(VersionMutants::ambiguous);
                        }

                        @Override
                        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
                            return super.bump(id, expected, change).map(VersionMutants::ambiguous);
                        }
                    },
                    "HV-1.4"),
            Mutant.of("a version without its token matches nothing", Tokens::new, "HV-1.11", "HV-2.7", "HV-6.13"));

    private VersionMutants() {}

    /** Compares wrongly, and says yes or no only by that comparison. */
    private static ForwardingRows comparing(TerraceRuntime clock, BiPredicate<RowVersion, RowVersion> matches) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                return Mono.defer(() -> {
                    RowVersion found = head(id).version();
                    return super.compareAndSet(
                            id, matches.test(found, expected) ? found : RowVersion.of(NOBODYS, 0), write);
                });
            }
        };
    }

    /** Writes rightly, and wrongly in further cases. */
    private static ForwardingRows writing(TerraceRuntime clock, BiPredicate<RowHead, RowVersion> also) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                return Mono.defer(() -> {
                    RowHead found = head(id);
                    return super.compareAndSet(id, also.test(found, expected) ? found.version() : expected, write);
                });
            }
        };
    }

    private static ForwardingRows refusing(TerraceRuntime clock, BiPredicate<RowHead, RowWrite> refused) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                return Mono.defer(() -> super.compareAndSet(
                        id, refused.test(head(id), write) ? RowVersion.of(NOBODYS, 0) : expected, write));
            }
        };
    }

    private static ForwardingRows observing(TerraceRuntime clock, RowHead reported) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
                return super.compareAndSet(id, expected, write).map(this::misreport);
            }

            @Override
            public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
                return super.bump(id, expected, change).map(this::misreport);
            }

            private CasOutcome misreport(CasOutcome outcome) {
                return outcome instanceof CasOutcome.Refused ? new CasOutcome.Refused(reported, false) : outcome;
            }
        };
    }

    private static CasOutcome ambiguous(CasOutcome outcome) {
        return outcome instanceof CasOutcome.Refused refused
                ? new CasOutcome.Refused(refused.observed(), true)
                : outcome;
    }

    private static final class CompareThenSet extends ForwardingRows {
        CompareThenSet(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
            return Mono.defer(() -> {
                RowHead found = head(id);
                if (!found.version().equals(expected)) {
                    return Mono.just(new CasOutcome.Refused(found, false));
                }
                pauseInRaces();
                return Mono.just(overwrite(id, write));
            });
        }
    }

    /** A store that knows its own versions by a token only. */
    private static final class Tokens extends ForwardingRows {
        Tokens(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection)
                    .map(row -> new Row(row.head().withVersion(issued(row.version())), row.payload()));
        }

        @Override
        public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
            return super.compareAndSet(id, checked(expected), write).map(Tokens::issuedWith);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return super.bump(id, expected.withVersion(checked(expected.version())), change)
                    .map(Tokens::issuedWith);
        }

        private static RowVersion checked(RowVersion version) {
            return version.isAbsent() || version.token() != null ? version : RowVersion.of(NOBODYS, 0);
        }

        private static RowVersion issued(RowVersion version) {
            return RowVersion.of(version.writeId(), version.bump(), version.toString());
        }

        private static CasOutcome issuedWith(CasOutcome outcome) {
            return outcome instanceof CasOutcome.Applied applied
                    ? new CasOutcome.Applied(issued(applied.version()))
                    : outcome;
        }
    }
}
