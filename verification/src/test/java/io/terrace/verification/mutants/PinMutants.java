// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.spi.ChangeLog;
import io.terrace.spi.Pins;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Wrong pins. */
final class PinMutants {

    static final List<Mutant<ChangeLog>> ALL = List.of(
            Mutant.of(
                    "nothing is ever pinned",
                    clock -> pinning(pins -> new ForwardingPins(pins) {
                        @Override
                        public Mono<Boolean> any() {
                            return super.any().map(any -> false);
                        }
                    }),
                    "CL-10.1",
                    "CL-10.4",
                    "CL-10.5"),
            Mutant.of("a pin is counted as often as it is set", clock -> pinning(CountedPins::new), "CL-10.2"),
            Mutant.of(
                    "removing an absent pin is an error",
                    clock -> pinning(pins -> new ForwardingPins(pins) {
                        @Override
                        public Mono<Void> unpin(String name) {
                            return super.list()
                                    .any(name::equals)
                                    .flatMap(present -> present ? super.unpin(name) : Mono.error(Mutant.refusal()));
                        }
                    }),
                    "CL-10.3"),
            Mutant.of(
                    "pins do not tell large letters from small ones",
                    clock -> pinning(pins -> new ForwardingPins(pins) {
                        @Override
                        public Mono<Void> pin(String name) {
                            return super.pin(name.toLowerCase(Locale.ROOT));
                        }

                        @Override
                        public Mono<Void> unpin(String name) {
                            return super.unpin(name.toLowerCase(Locale.ROOT));
                        }
                    }),
                    "CL-10.4"),
            Mutant.of("removing a pin forgets the others for a moment", clock -> pinning(Forgetful::new), "CL-10.5"),
            Mutant.of(
                    "a list of pins emits everything at once",
                    clock -> pinning(pins -> new ForwardingPins(pins) {
                        @Override
                        public Flux<String> list() {
                            return RowListingMutants.ignoringDemand(super.list());
                        }
                    }),
                    "CL-10.6"));

    private PinMutants() {}

    private static ForwardingLog pinning(UnaryOperator<Pins> wrongly) {
        return new ForwardingLog() {
            private final Pins pins = wrongly.apply(super.pins());

            @Override
            public Pins pins() {
                return pins;
            }
        };
    }

    private static class ForwardingPins implements Pins {
        private final Pins pins;

        ForwardingPins(Pins pins) {
            this.pins = pins;
        }

        @Override
        public Mono<Void> pin(String name) {
            return pins.pin(name);
        }

        @Override
        public Mono<Void> unpin(String name) {
            return pins.unpin(name);
        }

        @Override
        public Mono<Boolean> any() {
            return pins.any();
        }

        @Override
        public Flux<String> list() {
            return pins.list();
        }
    }

    private static final class CountedPins extends ForwardingPins {
        private final AtomicInteger twice = new AtomicInteger();

        CountedPins(Pins pins) {
            super(pins);
        }

        @Override
        public Mono<Void> pin(String name) {
            return super.list()
                    .any(name::equals)
                    .doOnNext(present -> twice.addAndGet(present ? 1 : 0))
                    .then(super.pin(name));
        }

        @Override
        public Mono<Void> unpin(String name) {
            return Mono.defer(() -> twice.get() > 0 && twice.decrementAndGet() >= 0 ? Mono.empty() : super.unpin(name));
        }
    }

    private static final class Forgetful extends ForwardingPins {
        Forgetful(Pins pins) {
            super(pins);
        }

        @Override
        public Mono<Void> unpin(String name) {
            return super.list().collectList().flatMap(all -> {
                if (!ForwardingRows.inRace()) {
                    return super.unpin(name);
                }
                all.forEach(other -> super.unpin(other).block());
                ForwardingRows.pauseInRaces();
                all.stream().filter(other -> !other.equals(name)).forEach(other -> super.pin(other)
                        .block());
                return Mono.empty();
            });
        }
    }
}
