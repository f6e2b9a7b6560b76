// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Wrong bumps. */
final class BumpMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a bump writes the value again, under a new write id",
                    BumpRewrites::new,
                    "HV-1.5",
                    "HV-6.1",
                    "HV-6.3",
                    "HV-6.4",
                    "HV-6.11",
                    "HV-6.13",
                    "HV-6.14"),
            Mutant.of(
                    "a bump of an absent row starts at one",
                    clock -> changing(clock, BumpMutants::startingAtOne),
                    "HV-6.2",
                    "HV-6.9",
                    "HV-6.11",
                    "HV-8.7"),
            Mutant.of(
                    "a bump keeps the deadline",
                    clock -> changing(
                            clock,
                            change -> change.metadata() == null && change.deadline() != null
                                    ? RowChange.fence(1)
                                    : change),
                    "HV-6.3",
                    "HV-6.8",
                    "HV-6.13",
                    "HV-6.14"),
            Mutant.of(
                    "a bump keeps the metadata",
                    clock -> changing(
                            clock,
                            change -> change.metadata() != null
                                    ? RowChange.deadline(Objects.requireNonNull(change.deadline()))
                                    : change),
                    "HV-6.4",
                    "HV-6.14"),
            Mutant.of("a touch revives what has expired", clock -> changing(clock, BumpMutants::asUpdate), "HV-6.14"),
            Mutant.of("a retired tombstone gets a new write id", RetireWrites::new, "HV-6.5"),
            Mutant.of(
                    "a bump compares the write id only",
                    clock -> bumping(
                            clock,
                            (found, expected) -> found.writeId().equals(expected.writeId())
                                    && found.isAbsent() == expected.isAbsent()),
                    "HV-6.6",
                    "HV-6.10"),
            Mutant.of(
                    "a fence that expects nothing bumps what is there",
                    clock -> bumping(clock, (found, expected) -> found.equals(expected) || expected.isAbsent()),
                    "HV-6.7",
                    "HV-6.10",
                    "HV-6.11"),
            Mutant.of("a bump that does not fit is called applied", Misfits::new, "HV-6.8"),
            Mutant.of("a bump compares first and writes then", CompareThenBump::new, "HV-6.10", "HV-6.11"),
            Mutant.of("a bump of a derived head is refused", DerivedRefused::new, "HV-6.13"),
            Mutant.of("a bump refused because of the version reports another row", MisreportedBump::new, "HV-6.12"));

    private BumpMutants() {}

    private static ForwardingRows changing(TerraceRuntime clock, UnaryOperator<RowChange> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
                return super.bump(id, expected, wrongly.apply(change));
            }
        };
    }

    private interface Comparison {
        boolean matches(RowVersion found, RowVersion expected);
    }

    private static ForwardingRows bumping(TerraceRuntime clock, Comparison comparison) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
                return Mono.defer(() -> {
                    RowHead found = head(id);
                    return super.bump(
                            id, comparison.matches(found.version(), expected.version()) ? found : expected, change);
                });
            }
        };
    }

    private static RowChange asUpdate(RowChange change) {
        return change.kind() == RowChange.Kind.TOUCH
                ? new RowChange(RowChange.Kind.UPDATE, 1, change.deadline(), change.metadata())
                : change;
    }

    private static RowChange startingAtOne(RowChange change) {
        return change.kind() == RowChange.Kind.FENCE ? RowChange.fence(1) : change;
    }

    private static final class BumpRewrites extends ForwardingRows {
        BumpRewrites(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return Mono.defer(() -> {
                Row row = rows().read(id, RowProjection.FULL).block();
                if (row == null || !row.version().equals(expected.version()) || row.kind() != RowKind.INLINE) {
                    return super.bump(id, expected, change);
                }
                RowHead next = change.applyTo(row.head(), clock().nowMicros());
                ByteBuffer payload = Objects.requireNonNull(row.payload());
                return super.compareAndSet(
                        id,
                        row.version(),
                        new RowWrite.Inline(
                                clock().newWriteId(),
                                new InlineObject(Objects.requireNonNull(next.metadata()), next.deadline(), payload)));
            });
        }
    }

    private static final class RetireWrites extends ForwardingRows {
        RetireWrites(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return change.kind() == RowChange.Kind.RETIRE && expected.deadline().isDead()
                    ? super.compareAndSet(id, expected.version(), new RowWrite.Marker(clock().newWriteId()))
                    : super.bump(id, expected, change);
        }
    }

    private static final class Misfits extends ForwardingRows {
        Misfits(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return super.bump(id, expected, change)
                    .onErrorResume(
                            IllegalArgumentException.class,
                            misfit -> Mono.just(new CasOutcome.Applied(expected.version())));
        }
    }

    private static final class CompareThenBump extends ForwardingRows {
        CompareThenBump(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return Mono.defer(() -> {
                RowHead found = head(id);
                if (!found.version().equals(expected.version())) {
                    return super.bump(id, expected, change);
                }
                pauseInRaces();
                while (true) {
                    RowHead later = head(id);
                    CasOutcome outcome = super.bump(id, later, change).block();
                    if (outcome instanceof CasOutcome.Applied || change.isTooLateFor(later, clock().nowMicros())) {
                        return Mono.just(outcome);
                    }
                }
            });
        }
    }

    /** A store that recognises its own heads by the time of the last write. */
    private static final class DerivedRefused extends ForwardingRows {
        DerivedRefused(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return Mono.defer(() -> {
                RowHead found = head(id);
                boolean own = found.version().token() == expected.version().token() && found.equals(expected);
                return own || !found.version().equals(expected.version()) || found.isAbsent()
                        ? super.bump(id, expected, change)
                        : Mono.just(new CasOutcome.Refused(found, false));
            });
        }
    }

    private static final class MisreportedBump extends ForwardingRows {
        MisreportedBump(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return super.bump(id, expected, change)
                    .map(outcome -> outcome instanceof CasOutcome.Refused refused && refused.observed() != null
                            ? new CasOutcome.Refused(other(refused.observed()), false)
                            : outcome);
        }

        private RowHead other(RowHead head) {
            return new RowHead(RowKind.MARKER, head.version().bumped(7), Deadline.NONE, 0, null, null);
        }
    }
}
