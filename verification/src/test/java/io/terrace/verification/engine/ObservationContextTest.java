// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Where an observation belongs, who can see it, and that an observer that fails harms nobody but itself. */
class ObservationContextTest {

    private static final String KEY = "micrometer.observation";

    private final Recorder recorder = new Recorder();
    private final List<Object> seenByRows = new ArrayList<>();
    private final Engine engine = new Engine(builder -> builder.observations(recorder.registry)
            .highVolume(new Spy().rows(InMemoryRows.create(new ManualRuntime(1)))));

    /** Looks at what the row tier finds in the context. */
    private final class Spy implements SpiInterceptor {
        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return Mono.deferContextual(context -> {
                seenByRows.add(context.getOrDefault(KEY, "nothing"));
                return invocation;
            });
        }
    }

    @Test
    void theParentIsTheObservationInTheContextOfTheSubscriber() {
        EveryOperation operations = new EveryOperation(engine);
        operations.all().forEach((name, operation) -> {
            Observation parent = Observation.start("parent", recorder.registry);
            recorder.reset();
            engine.finish(operation.contextWrite(context -> context.put(KEY, parent)));
            assertThat(parent()).as(name).isSameAs(parent);
            parent.stop();
        });
    }

    @Test
    void withoutOneInTheContextItIsTheCurrentOneOfTheThread() {
        Observation parent = Observation.start("parent", recorder.registry);
        recorder.reset();
        parent.scoped(() -> engine.put(Engine.SMALL));
        assertThat(parent()).isSameAs(parent);
        recorder.reset();
        engine.put(Engine.SMALL);
        assertThat(parent()).isNull();
    }

    private ObservationView parent() {
        return recorder.one().getParentObservation();
    }

    @Test
    void payloadsAndTiersFindTheObservationOfTheirOperation() {
        List<ContextView> seenByPayload = new ArrayList<>();
        for (String value : List.of(Engine.SMALL, Engine.LARGE)) {
            recorder.reset();
            seenByRows.clear();
            seenByPayload.clear();
            Payload payload = Payload.from(Flux.deferContextual(context -> {
                seenByPayload.add(context);
                return Flux.just(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
            }));
            engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), payload));
            assertThat(seenByPayload).singleElement().satisfies(context -> assertOurs(context.get(KEY)));
            assertThat(seenByRows).isNotEmpty().allSatisfy(this::assertOurs);
        }
        recorder.reset();
        seenByRows.clear();
        engine.finish(engine.store.head(Engine.ID));
        assertThat(seenByRows).singleElement().satisfies(this::assertOurs);
    }

    private void assertOurs(Object observation) {
        assertThat(observation).isInstanceOfSatisfying(Observation.class, ours -> assertThat(ours.getContext())
                .isSameAs(recorder.started.get(0)));
    }

    @Test
    void theKeyIsTheOneOfMicrometersAccessor() throws IOException {
        // Its class cannot be loaded without the library that it is for.
        String accessor = "/io/micrometer/observation/contextpropagation/ObservationThreadLocalAccessor.class";
        try (InputStream bytes = Objects.requireNonNull(Observation.class.getResourceAsStream(accessor))) {
            assertThat(new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains(KEY);
        }
    }

    private enum Moment {
        START,
        ERROR,
        STOP
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void anObserverThatFailsHarmsNoOperation(Moment moment) {
        recorder.registry.observationConfig().observationHandler(new Failing(moment));
        engine.put(Engine.LARGE);
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        engine.faults.follow(call -> Fault.FAIL_NOT_APPLIED);
        IllegalStateException own = new IllegalStateException("the caller's own");
        assertThatThrownBy(() -> engine.finish(
                        engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.from(Flux.error(own)))))
                .hasRootCause(own);
        if (moment == Moment.ERROR) {
            assertThat(recorder.stopped).as("ends for the others").isEqualTo(recorder.started);
        }
    }

    private record Failing(Moment moment) implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        @Override
        public void onStart(Observation.Context context) {
            failAt(Moment.START);
        }

        @Override
        public void onError(Observation.Context context) {
            failAt(Moment.ERROR);
        }

        @Override
        public void onStop(Observation.Context context) {
            failAt(Moment.STOP);
        }

        private void failAt(Moment now) {
            if (now == moment) {
                throw new IllegalStateException("an observer that fails");
            }
        }
    }

    @Test
    void whatThePredicateOfTheRegistryLeavesOutIsNotObserved() {
        recorder.registry.observationConfig().observationPredicate((name, context) -> false);
        engine.put(Engine.SMALL);
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
        assertThat(recorder.started).isEmpty();
        assertThat(seenByRows).doesNotHaveAnyElementsOfTypes(Observation.class);
    }
}
