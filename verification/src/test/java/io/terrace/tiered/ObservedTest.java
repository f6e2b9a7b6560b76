// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.ObjectUploads;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.TerraceRuntime;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/** The one place where operations become observations. */
class ObservedTest {

    private static final ObjectContext CONTEXT = ObjectContext.of("tests");
    private static final ObjectId ID = ObjectId.of(CONTEXT, "object");
    private static final Policies POLICIES = new Policies(16, Map.of());

    /** Answers about the store itself, not about what is in it; and what is made of other operations. */
    private static final Set<String> NOT_OBSERVED = Set.of("check", "closeLater", "withObject", "batch");

    private final List<Observation.Context> stopped = new ArrayList<>();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final Observed observed = new Observed(registry, POLICIES);

    ObservedTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    @Test
    void withoutObserversAPublisherIsReturnedAsItIs() {
        for (ObservationRegistry nobody : List.of(ObservationRegistry.NOOP, ObservationRegistry.create())) {
            Observed free = new Observed(nobody, POLICIES);
            Mono<String> mono = Mono.just("answer");
            Flux<String> flux = Flux.just("answer");
            assertThat(free.mono(Operation.GET, CONTEXT, mono)).isSameAs(mono);
            assertThat(free.mono(Operation.RECOVER, mono)).isSameAs(mono);
            assertThat(free.flux(Operation.DELETE_ALL, CONTEXT, flux)).isSameAs(flux);
            assertThat(free.flux(Operation.SCAN, flux)).isSameAs(flux);
        }
    }

    @Test
    void aStoreWithoutObserversReturnsNoOperatorOfObservation() {
        assertThat(publishers(store(ObservationRegistry.NOOP))).noneMatch(ObservedTest::isOurs);
        assertThat(publishers(store(registry))).allMatch(ObservedTest::isOurs);
    }

    private static boolean isOurs(Publisher<?> publisher) {
        return publisher.getClass().getEnclosingClass() == Observed.class;
    }

    private static TieredObjectStore store(ObservationRegistry registry) {
        return TieredObjectStore.builder()
                .highVolume(InMemoryRows.create(TerraceRuntime.system()))
                .longTerm(InMemoryBlobs.create())
                .changeLog(InMemoryChangeLog.create())
                .recoverOnOpen(false)
                .observations(registry)
                .build();
    }

    private static List<Publisher<?>> publishers(TieredObjectStore store) {
        return List.of(
                store.put(ID, ObjectMetadata.defaults(), Payload.ofText("text")),
                store.get(ID),
                store.head(ID),
                store.delete(ID),
                store.list(CONTEXT, "", null, 1),
                store.deleteAll(CONTEXT),
                store.uploads().initiate(ID, ObjectMetadata.defaults()),
                store.scan(""),
                store.recover(),
                store.sweep(),
                store.maintain());
    }

    @Test
    void everyMethodThatReturnsAPublisherIsAnOperation() {
        Set<String> methods = Stream.of(ObjectStore.class, ObjectUploads.class, TieredObjectStore.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> Publisher.class.isAssignableFrom(method.getReturnType()))
                .map(Method::getName)
                .filter(name -> !NOT_OBSERVED.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(Arrays.stream(Operation.values()).map(Operation::label))
                .containsExactlyInAnyOrderElementsOf(methods);
    }

    @Test
    void everyCodeOfAnErrorOfOursIsATagAndOthersAreNot() throws ReflectiveOperationException {
        Set<String> codes = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(location -> location.contains("Exception.class"))
                .importPackages("io.terrace")) {
            if (type.getPackageName().equals("io.terrace")
                    && type.isAssignableTo(TerraceException.class)
                    && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
                Field code = type.reflect().getDeclaredField("CODE");
                code.setAccessible(true);
                codes.add((String) code.get(null));
            }
        }
        assertThat(Outcome.codes()).containsExactlyInAnyOrderElementsOf(codes);
        assertThat(Outcome.code(new BackendUnavailableException(
                        "any", "code-of/a-key", "message", Determinacy.NOT_APPLIED, null)))
                .isEqualTo("other");
        assertThat(Outcome.code(new IllegalStateException())).isEqualTo("other");
    }

    @Test
    void anObservationHasTheTagsOfItsInstrumentHoweverItEnds() {
        for (Operation operation : Operation.values()) {
            for (Mono<Object> end :
                    List.<Mono<Object>>of(Mono.just("answer"), Mono.empty(), Mono.error(new IllegalStateException()))) {
                Mono<Object> work = operation.instrument() == Instrument.OPERATION
                        ? observed.mono(operation, CONTEXT, end)
                        : observed.mono(operation, end);
                work.subscribe(answer -> {}, error -> {});
                Observation.Context last = stopped.get(stopped.size() - 1);
                assertThat(last.getName()).isEqualTo(operation.instrument().label());
                assertThat(last.getAllKeyValues().stream().map(KeyValue::getKey))
                        .containsExactlyInAnyOrderElementsOf(operation.instrument().tags().stream()
                                .map(TagKey::key)
                                .toList());
            }
        }
        assertThat(stopped).hasSize(3 * Operation.values().length);
    }

    @Test
    void whatComesAfterACancelIsPassedOnAndEndsNothingTwice() {
        TestPublisher<String> rude = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        BaseSubscriber<String> caller = new BaseSubscriber<>() {};
        observed.mono(Operation.HEAD, CONTEXT, rude.mono()).subscribe(caller);
        assertThat(stopped).isEmpty();
        caller.cancel();
        rude.emit("late");
        rude.assertCancelled();
        assertThat(stopped).singleElement().satisfies(context -> assertOutcome(context, "cancelled"));
    }

    @Test
    void anAnswerEndsAMonoAndTheCancelThatMayFollowChangesNothing() {
        List<String> order = new ArrayList<>();
        observed.mono(Operation.HEAD, CONTEXT, Mono.just("answer"))
                .doOnNext(answer -> order.add("stopped " + stopped.size()))
                .flux()
                .take(1)
                .subscribe();
        assertThat(order).containsExactly("stopped 1");
        assertThat(stopped).singleElement().satisfies(context -> assertOutcome(context, "ok"));
    }

    @Test
    void aFluxIsObservedToItsEnd() {
        TestPublisher<String> source = TestPublisher.create();
        observed.flux(Operation.DELETE_ALL, CONTEXT, source.flux()).subscribe();
        source.next("one", "two");
        assertThat(stopped).isEmpty();
        source.complete();
        assertThat(stopped).singleElement().satisfies(context -> assertOutcome(context, "ok"));
    }

    private static void assertOutcome(Observation.Context context, String outcome) {
        KeyValue tag = context.getLowCardinalityKeyValue(TagKey.OUTCOME.key());
        assertThat(tag).isNotNull().extracting(KeyValue::getValue).isEqualTo(outcome);
    }
}
