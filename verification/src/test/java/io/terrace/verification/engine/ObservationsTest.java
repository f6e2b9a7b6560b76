// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.observation.Observation;
import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.PutOptions;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import io.terrace.spi.RowProjection;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStoreBuilder;
import io.terrace.tiered.UsecasePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** What observers are told: one observation of each operation, how it ended, and never of what object. */
class ObservationsTest {

    private static final String NONE = "none";
    private static final Set<String> WITH_BYTES = Set.of("put", "get", "copy", "uploadPart", "complete");

    private final Recorder recorder = new Recorder();
    private final Engine engine = engine(builder -> builder);

    private Engine engine(UnaryOperator<TieredObjectStoreBuilder> settings) {
        return new Engine(builder -> settings.apply(builder.observations(recorder.registry)));
    }

    @Test
    void eachOperationIsOneObservation() {
        EveryOperation operations = new EveryOperation(engine);
        operations.all().forEach((name, operation) -> {
            recorder.reset();
            assertThat(recorder.started).isEmpty();
            engine.finish(operation);
            assertEnded(name, "ok", NONE);
            assertThat(recorder.one().getError()).isNull();
        });
        engine.rest();
    }

    @Test
    void itSaysWhereTheBytesWentOrCameFrom() {
        EveryOperation operations = new EveryOperation(engine);
        operations.onObjects().forEach((name, operation) -> {
            recorder.reset();
            engine.finish(operation);
            assertThat(tags()).containsEntry("tier", smallTier(name));
        });
        engine.put(Engine.LARGE);
        assertTier("put", "blob");
        engine.get();
        assertTier("get", "blob");
        engine.finish(engine.store.copy(Engine.ID, EveryOperation.ID, PutOptions.defaults()));
        assertTier("copy", "blob");
    }

    private static String smallTier(String name) {
        return switch (name) {
            case "uploadPart", "complete" -> "blob";
            default -> WITH_BYTES.contains(name) ? "inline" : NONE;
        };
    }

    private void assertTier(String name, String tier) {
        Observation.Context last = recorder.stopped.get(recorder.stopped.size() - 1);
        assertThat(Recorder.tags(last)).containsEntry("operation", name).containsEntry("tier", tier);
    }

    @Test
    void anAbsentObjectIsAnOutcomeOfItsOwnWhereItMatters() {
        Map<String, Mono<?>> absent = Map.of(
                "get", engine.store.get(Engine.ID),
                "head", engine.store.head(Engine.ID),
                "updateMetadata", engine.store.updateMetadata(Engine.ID, EveryOperation.PATCH),
                "copy", engine.store.copy(Engine.ID, EveryOperation.ID, PutOptions.defaults()));
        absent.forEach((name, operation) -> {
            recorder.reset();
            engine.finish(operation);
            assertEnded(name, "absent", NONE);
        });
        recorder.reset();
        engine.finish(engine.store.delete(Engine.ID));
        assertEnded("delete", "ok", NONE);
    }

    @Test
    void aPreconditionThatDoesNotHoldIsAnOutcomeOfItsOwn() {
        engine.put(Engine.SMALL);
        Precondition other = Precondition.ifMatch("another");
        Map<String, Mono<?>> refused = Map.of(
                "put",
                engine.store.put(
                        Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL), PutOptions.ifAbsent()),
                "copy",
                engine.store.copy(Engine.ID, Engine.ID, PutOptions.ifAbsent()),
                "delete",
                engine.store.delete(Engine.ID, other),
                "updateMetadata",
                engine.store.updateMetadata(Engine.ID, EveryOperation.PATCH, other));
        refused.forEach((name, operation) -> {
            recorder.reset();
            assertThatThrownBy(() -> engine.finish(operation)).isInstanceOf(PreconditionFailedException.class);
            assertEnded(name, "precondition-failed", "precondition.failed");
        });
    }

    @Test
    void whatFindsNoRoomIsAnOutcomeOfItsOwn() {
        Engine full = engine(builder -> builder.maxOperations(1).queue(0, Duration.ZERO));
        EveryOperation operations = new EveryOperation(full);
        full.faults.follow(FaultPlan.on(SpiOperation.ROW_READ, 1, Fault.HANG));
        Disposable first = full.store.head(EveryOperation.ID).subscribe();
        operations.onObjects().forEach((name, operation) -> {
            recorder.reset();
            if (name.equals("deleteAll")) {
                // Not admitted as a whole: each delete is.
                return;
            }
            assertThatThrownBy(() -> full.finish(operation)).isInstanceOf(AtCapacityException.class);
            assertEnded(name, "at-capacity", "capacity.exhausted");
        });
        first.dispose();
    }

    @Test
    void anErrorIsAttachedAndItsCodeIsATag() {
        EveryOperation operations = new EveryOperation(engine);
        engine.faults.follow(call -> Fault.FAIL_NOT_APPLIED);
        operations.all().forEach((name, operation) -> {
            recorder.reset();
            assertThatThrownBy(() -> engine.finish(operation))
                    .as(name)
                    .isInstanceOf(BackendUnavailableException.class)
                    .isSameAs(recorder.one().getError());
            assertEnded(name, "error", "backend.unavailable");
        });
    }

    @Test
    void aStoreThatIsClosedIsAnError() {
        EveryOperation operations = new EveryOperation(engine);
        engine.finish(engine.store.closeLater(Duration.ZERO));
        recorder.reset();
        assertThatThrownBy(() -> engine.finish(operations.all().get("recover"))).isInstanceOf(TerraceException.class);
        assertEnded("recover", "error", "backend.unavailable");
    }

    @Test
    void aWriteThatMayHaveHappenedIsUnknownAndALateReadIsAnError() {
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_PUT, Fault.HANG));
        assertThatThrownBy(() -> engine.put(Engine.SMALL)).isInstanceOf(OutcomeUnknownException.class);
        assertEnded("put", "unknown", "outcome.unknown");
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        recorder.reset();
        assertThatThrownBy(() -> engine.finish(engine.store.head(Engine.ID))).isInstanceOf(TerraceException.class);
        assertEnded("head", "error", "deadline.exceeded");
    }

    @Test
    void whoGoesAwayEndsTheObservation() {
        EveryOperation operations = new EveryOperation(engine);
        operations.all().forEach((name, operation) -> {
            recorder.reset();
            BaseSubscriber<Object> impatient = new BaseSubscriber<>() {};
            engine.faults.follow(call -> {
                impatient.cancel();
                return Fault.OK;
            });
            operation.subscribe(impatient);
            engine.faults.follow(FaultPlan.none());
            engine.rest();
            assertEnded(name, "cancelled", NONE);
        });
    }

    @Test
    void theObservationOfAGetEndsBeforeItsBodyIsRead() {
        engine.put(Engine.LARGE);
        recorder.reset();
        StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
        assertEnded("get", "ok", NONE);
        engine.finish(Engine.text(open));
        recorder.one();
    }

    @Test
    void aUsecaseIsNamedIfTheBuilderWasToldOfIt() {
        Engine told = engine(
                builder -> builder.usecase("tests", UsecasePolicy.builder().build()));
        told.put(Engine.SMALL);
        assertThat(tags()).containsEntry("usecase", "tests");
        recorder.reset();
        engine.put(Engine.SMALL);
        assertThat(tags()).containsEntry("usecase", "other");
    }

    @Test
    void whatTheStoreDoesByItselfIsObservedToo() {
        engine.another(builder -> builder.observations(recorder.registry).recoverOnOpen(true));
        assertEnded("recover", "ok", NONE);
        recorder.reset();
        engine.another(builder -> builder.observations(recorder.registry).maintainEvery(Duration.ofHours(1)));
        engine.runtime.advance(Duration.ofHours(1));
        assertEnded("maintain", "ok", NONE);
    }

    @Test
    void noNameAndNoTagTellsOfAnObject() {
        List<Observation.Context> all = new ArrayList<>();
        List<FaultPlan> plans = List.of(
                FaultPlan.none(),
                call -> Fault.FAIL_NOT_APPLIED,
                FaultPlan.always(SpiOperation.ROW_PUT, Fault.APPLIED_THEN_LOST),
                FaultPlan.always(SpiOperation.ROW_CAS, Fault.LOST));
        for (FaultPlan plan : plans) {
            Engine broken = engine(builder -> builder);
            EveryOperation operations = new EveryOperation(broken);
            String upload = operations.upload.toString();
            broken.faults.follow(plan);
            List<String> etags = new ArrayList<>();
            operations.all().forEach((name, operation) -> {
                operation.subscribe(answer -> {}, error -> {});
                broken.rest();
                broken.rows
                        .read(EveryOperation.ID, RowProjection.HEAD)
                        .subscribe(row -> etags.add(row.head().writeId().toString()));
            });
            assertThat(recorder.stopped).hasSameSizeAs(recorder.started);
            recorder.stopped.forEach(context -> assertThat(Recorder.texts(context))
                    .noneMatch(text -> text.contains("hidden") || text.contains(upload) || etags.contains(text)));
            all.addAll(recorder.stopped);
            recorder.reset();
        }
        assertThat(all).anyMatch(context -> context.getError() != null);
    }

    @Test
    void aTagThatTellsOfAnObjectWouldBeSeen() {
        Observation.start("any", recorder.registry)
                .highCardinalityKeyValue("key", EveryOperation.ID.key())
                .stop();
        assertThat(Recorder.texts(recorder.one())).anyMatch(text -> text.contains("hidden"));
    }

    private Map<String, String> tags() {
        return Recorder.tags(recorder.one());
    }

    private void assertEnded(String operation, String outcome, String code) {
        assertThat(tags())
                .containsEntry("operation", operation)
                .containsEntry("outcome", outcome)
                .containsEntry("code", code);
        assertThat(recorder.one().getContextualName()).isEqualTo("terrace " + operation);
    }
}
