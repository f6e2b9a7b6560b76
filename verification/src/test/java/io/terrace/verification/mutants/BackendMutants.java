// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Capability;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** Faults that have nothing to do with the role. */
final class BackendMutants {

    static final List<Mutant<HighVolumeBackend>> ALL = List.of(
            Mutant.of(
                    "a name for people",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public String name() {
                            return "In Memory";
                        }
                    },
                    "BE-1.1",
                    "BE-2.3"),
            Mutant.of(
                    "capabilities that anybody may change",
                    clock -> new ForwardingRows(clock) {
                        private final Set<Capability> mine = EnumSet.noneOf(Capability.class);

                        @Override
                        public Set<Capability> capabilities() {
                            return mine;
                        }
                    },
                    "BE-1.2"),
            Mutant.of(
                    "a facet that is missing fails",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public <F> Optional<F> facet(Class<F> type) {
                            if (!type.isInstance(this)) {
                                throw new UnsupportedOperationException(type.getName());
                            }
                            return super.facet(type);
                        }
                    },
                    "BE-1.3"),
            Mutant.of(
                    "never healthy",
                    clock -> checking(clock, check -> Mono.just(Health.down("unknown"))),
                    "BE-1.4",
                    "BE-2.2"),
            Mutant.of("always healthy", clock -> checking(clock, check -> Mono.just(Health.up("as ever"))), "BE-2.5"),
            Mutant.of(
                    "markers are collected by itself, and by a pass too",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Set<Capability> capabilities() {
                            return Set.of(Capability.COLLECTS_MARKERS);
                        }
                    },
                    "BE-1.5"),
            Mutant.of("closing for the third time fails", ClosesTwice::new, "BE-2.1"),
            Mutant.of(
                    "closes when the close is assembled",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<Void> closeLater() {
                            super.closeLater().block();
                            return Mono.empty();
                        }
                    },
                    "BE-2.2"),
            Mutant.of(
                    "never closes",
                    clock -> new ForwardingRows(clock) {
                        @Override
                        public Mono<Void> closeLater() {
                            return Mono.empty();
                        }
                    },
                    "BE-2.3",
                    "BE-2.4",
                    "BE-2.5"),
            Mutant.of(
                    "a closed store does not know whether a read was applied",
                    clock -> failing(
                            clock, error -> new BackendUnavailableException("inmemory", "closed", Determinacy.UNKNOWN)),
                    "BE-2.3"),
            Mutant.of(
                    "a closed store fails with an error of its library",
                    clock -> failing(clock, error -> new IllegalStateException("closed")),
                    "BE-2.3",
                    "BE-2.4",
                    "BE-2.6"),
            Mutant.of("whether it is closed is decided when a call is assembled", DecidesEarly::new, "BE-2.4"),
            Mutant.of("a read that is under way when the store closes is forgotten", Forgets::new, "BE-2.6"),
            new Mutant<>(
                    "rows call themselves durable and are not",
                    () -> environment(Capability.DURABLE),
                    Mutant.rules("HV-1.8")),
            new Mutant<>(
                    "rows call themselves shared and are not",
                    () -> environment(Capability.SHARED),
                    Mutant.rules("HV-1.9")),
            new Mutant<>("what is reopened is what was killed", BackendMutants::sameAgain, Mutant.rules("HV-1.8")));

    private BackendMutants() {}

    private static ForwardingRows checking(TerraceRuntime clock, UnaryOperator<Mono<Health>> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<Health> check() {
                return wrongly.apply(super.check());
            }
        };
    }

    private static ForwardingRows failing(TerraceRuntime clock, UnaryOperator<Throwable> wrongly) {
        return new ForwardingRows(clock) {
            @Override
            public Mono<Row> read(ObjectId id, RowProjection projection) {
                return super.read(id, projection).onErrorMap(wrongly);
            }
        };
    }

    /** Each opening finds an empty store. */
    private static BackendEnvironment<HighVolumeBackend> environment(Capability claimed) {
        ManualRuntime clock = new ManualRuntime(1);
        return new BackendEnvironment<>() {
            @Override
            public HighVolumeBackend create() {
                return new ForwardingRows(clock, InMemoryRows.create(clock)) {
                    @Override
                    public Set<Capability> capabilities() {
                        return Set.of(claimed);
                    }
                };
            }

            @Override
            public HighVolumeBackend reopen(HighVolumeBackend backend) {
                return create();
            }

            @Override
            public HighVolumeBackend share(HighVolumeBackend backend) {
                return create();
            }

            @Override
            public Optional<ManualRuntime> clock() {
                return Optional.of(clock);
            }
        };
    }

    /** With its rows, so that only being the same instance tells. */
    private static BackendEnvironment<HighVolumeBackend> sameAgain() {
        ManualRuntime clock = new ManualRuntime(1);
        return new BackendEnvironment<>() {
            @Override
            public HighVolumeBackend create() {
                return new ForwardingRows(clock) {
                    @Override
                    public Set<Capability> capabilities() {
                        return Set.of(Capability.DURABLE);
                    }
                };
            }

            @Override
            public HighVolumeBackend reopen(HighVolumeBackend killed) {
                return killed;
            }

            @Override
            public Optional<ManualRuntime> clock() {
                return Optional.of(clock);
            }
        };
    }

    private static final class ClosesTwice extends ForwardingRows {
        private final AtomicInteger closes = new AtomicInteger();

        ClosesTwice(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Void> closeLater() {
            // The second time would be the kit's own, which closes again what a test has closed.
            return Mono.defer(() -> closes.incrementAndGet() > 2
                    ? Mono.error(new IllegalStateException("closed already"))
                    : super.closeLater());
        }
    }

    private static final class DecidesEarly extends ForwardingRows {
        private final AtomicBoolean closed = new AtomicBoolean();
        private final InMemoryRows open;

        DecidesEarly(TerraceRuntime clock) {
            this(clock, InMemoryRows.create(clock), InMemoryRows.create(clock));
        }

        private DecidesEarly(TerraceRuntime clock, InMemoryRows rows, InMemoryRows neverClosed) {
            super(clock, rows);
            this.open = neverClosed;
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return closed.get()
                    ? super.read(id, projection)
                    : super.read(id, projection).onErrorResume(error -> open.read(id, projection));
        }

        @Override
        public Mono<Void> closeLater() {
            return super.closeLater().doOnTerminate(() -> closed.set(true));
        }
    }

    private static final class Forgets extends ForwardingRows {
        private final AtomicBoolean closed = new AtomicBoolean();

        Forgets(TerraceRuntime clock) {
            super(clock);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return Mono.defer(() -> {
                boolean before = closed.get();
                pauseInRaces();
                return !before && closed.get()
                        ? Mono.error(new IllegalStateException("forgotten"))
                        : super.read(id, projection);
            });
        }

        @Override
        public Mono<Void> closeLater() {
            return super.closeLater().doOnTerminate(() -> closed.set(true));
        }
    }
}
