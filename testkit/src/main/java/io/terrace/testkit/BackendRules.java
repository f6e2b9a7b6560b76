// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.TerraceException;
import io.terrace.spi.Backend;
import io.terrace.spi.Capability;
import io.terrace.spi.MarkerCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** BE: what every backend keeps, whatever its role. */
abstract class BackendRules {

    /** An ability that no backend has. */
    private interface Unheard {}

    private final BackendConformanceTest<?> kit;

    BackendRules(BackendConformanceTest<?> kit) {
        this.kit = kit;
    }

    @Rule("BE-1.1")
    void theNameIsShortAndStable() {
        assertThat(backend().name())
                .matches("[a-z0-9]+(-[a-z0-9]+)*")
                .isEqualTo(backend().name());
    }

    @Rule("BE-1.2")
    void theCapabilitiesAreConstant() {
        Set<Capability> before = Set.copyOf(backend().capabilities());
        kit.operations().values().forEach(operation -> Await.ended(operation.get()));

        assertThat(backend().capabilities()).isEqualTo(before);
        assertThatThrownBy(() -> backend().capabilities().add(Capability.SHARED))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Rule("BE-1.3")
    void anAbilityThatItDoesNotHaveIsAnEmptyFacet() {
        assertThat(backend().facet(Unheard.class)).isEmpty();
        assertThat(backend().facet(Backend.class)).isPresent();
    }

    @Rule("BE-1.4")
    void anOpenBackendIsHealthy() {
        Health health = Await.value(backend().check());

        assertThat(health.healthy()).as(health.detail()).isTrue();
        assertThat(health.detail()).isNotBlank();
    }

    @Rule("BE-1.5")
    void aBackendThatCollectsMarkersByItselfHasNoPassThatDoes() {
        boolean byItself = backend().capabilities().contains(Capability.COLLECTS_MARKERS);

        assertThat(byItself && backend().facet(MarkerCollection.class).isPresent())
                .as("COLLECTS_MARKERS is declared, and there is a facet MarkerCollection")
                .isFalse();
    }

    @Rule(value = "BE-2.1", requirement = Requirement.STOCHASTIC)
    void closingTwiceAndAtOnceIsClosing() {
        Await.done(backend().closeLater());
        Await.done(backend().closeLater());
        Race.of(4, racer -> {
            Await.done(backend().closeLater());
            return racer;
        });
    }

    @Rule("BE-2.2")
    void nothingIsClosedBeforeTheCloseIsSubscribedTo() {
        Mono<Void> close = backend().closeLater();

        assertThat(Await.value(backend().check()).healthy()).isTrue();
        kit.operations().forEach((name, operation) -> assertThat(
                        Await.ended(operation.get()).getThrowable())
                .as(name)
                .isNull());
        Await.done(close);
    }

    @Rule("BE-2.3")
    void everyCallAfterTheCloseFailsUnavailableAndNotApplied() {
        Await.done(backend().closeLater());

        kit.operations().forEach((name, operation) -> assertThat(Await.error(operation.get()))
                .as(name)
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> {
                    assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                    assertThat(error.backend()).isEqualTo(backend().name());
                }));
    }

    @Rule("BE-2.4")
    void aCallThatWasMadeBeforeTheCloseAndSubscribedToAfterItFailsLikewise() {
        List<Publisher<?>> calls = new ArrayList<>();
        kit.operations().values().forEach(operation -> calls.add(operation.get()));
        Await.done(backend().closeLater());

        calls.forEach(call -> assertThat(Await.error(call)).isInstanceOf(BackendUnavailableException.class));
    }

    @Rule("BE-2.5")
    void aClosedBackendIsNotHealthy() {
        Await.done(backend().closeLater());

        assertThat(Await.value(backend().check().onErrorReturn(Health.down("refused")))
                        .healthy())
                .isFalse();
    }

    @Rule(value = "BE-2.6", requirement = Requirement.STOCHASTIC)
    void callsUnderWayEndWhenTheBackendIsClosed() {
        List<Supplier<Publisher<?>>> operations = List.copyOf(kit.operations().values());
        AtomicBoolean closed = new AtomicBoolean();
        CountDownLatch calling = new CountDownLatch(Race.RACERS - 1);
        List<List<Signal<Void>>> ends = Race.of(Race.RACERS, racer -> {
            if (racer == 0) {
                try {
                    Race.await(calling);
                    Await.done(backend().closeLater());
                } finally {
                    closed.set(true);
                }
                return List.of();
            }
            List<Signal<Void>> mine = new ArrayList<>();
            calling.countDown();
            boolean last;
            do {
                // Asked before the round, so that the last one is made of calls to a closed backend.
                last = closed.get();
                for (int i = 0; i < operations.size(); i++) {
                    mine.add(Await.ended(
                            operations.get((racer + i) % operations.size()).get()));
                }
            } while (!last);
            return mine;
        });

        assertThat(ends.stream().flatMap(List::stream).filter(Signal::isOnError).map(Signal::getThrowable))
                .allSatisfy(error -> assertThat(Objects.requireNonNull(error)).isInstanceOf(TerraceException.class));
    }

    private Backend backend() {
        return kit.backend();
    }
}
