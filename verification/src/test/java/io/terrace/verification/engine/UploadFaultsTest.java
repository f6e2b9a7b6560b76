// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.InvalidPartException;
import io.terrace.ObjectMetadata;
import io.terrace.TerraceException;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.RowChange;
import io.terrace.spi.UploadRecord;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Uploads in parts when something goes wrong at each of the calls that they make. */
class UploadFaultsTest {

    private static final String OLD = "an old value that is large, too";

    private final Engine engine = new Engine();
    private final TieredObjectStore other = engine.another(builder -> builder);

    private static final List<SpiOperation> COMPLETE = List.of(
            SpiOperation.RECORD_GET,
            SpiOperation.ROW_READ,
            SpiOperation.RECORD_REPLACE,
            SpiOperation.UPLOAD_COMPLETE,
            SpiOperation.ROW_CAS,
            SpiOperation.BLOB_DELETE);

    private static final List<SpiOperation> ABORT =
            List.of(SpiOperation.RECORD_GET, SpiOperation.RECORD_REPLACE, SpiOperation.UPLOAD_ABORT);

    static Stream<Arguments> faultsOfComplete() {
        return faults(COMPLETE);
    }

    static Stream<Arguments> faultsOfAbort() {
        return faults(ABORT);
    }

    static Stream<Arguments> faultsOfInitiate() {
        return faults(List.of(SpiOperation.UPLOAD_START, SpiOperation.RECORD_BEGIN));
    }

    /** Each operation, struck once or always, by everything that can happen to it; and what is late comes in the end. */
    private static Stream<Arguments> faults(List<SpiOperation> operations) {
        List<Arguments> all = new ArrayList<>();
        for (SpiOperation operation : operations) {
            for (Fault fault : Fault.values()) {
                if (fault != Fault.OK && fault != Fault.HANG && fault.appliesTo(operation)) {
                    all.add(Arguments.of(operation, fault, false));
                    all.add(Arguments.of(operation, fault, true));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}, always: {2}")
    @MethodSource("faultsOfComplete")
    void aCompleteThatFailsCanBeRepeatedAnywhere(SpiOperation operation, Fault fault, boolean always) {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(plan(operation, fault, always));
        try {
            engine.finish(upload.complete());
        } catch (TerraceException failed) {
            assertThat(failed.retryable()).as("%s", failed).isTrue();
        }
        engine.faults.follow(FaultPlan.none());
        assertThat(engine.get()).isIn(OLD, UploadedParts.VALUE);
        engine.finish(upload.complete(other));
        engine.faults.late().releaseAll().block();

        assertThat(engine.faults.injected(fault)).isPositive();
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
    }

    @ParameterizedTest(name = "{0} {1}, always: {2}")
    @MethodSource("faultsOfComplete")
    void aCompleteThatFailsAndIsNotRepeatedTakesEffectOrIsUndone(SpiOperation operation, Fault fault, boolean always) {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(plan(operation, fault, always));
        boolean done = succeeds(upload.complete());
        engine.faults.follow(FaultPlan.none());
        engine.runtime.advance(Duration.ofHours(24).plusMinutes(1));
        engine.finish(other.recover());
        String value = engine.get();
        engine.faults.late().releaseAll().block();

        assertThat(engine.get()).isEqualTo(value).isIn(OLD, UploadedParts.VALUE);
        if (done) {
            assertThat(value).isEqualTo(UploadedParts.VALUE);
        }
        UploadedParts.assertNothingIsLeft(engine);
        assertThat(engine.get()).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0} {1}, always: {2}")
    @MethodSource("faultsOfComplete")
    void aCompleteThatFailsCanBeAborted(SpiOperation operation, Fault fault, boolean always) {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(plan(operation, fault, always));
        boolean done = succeeds(upload.complete());
        engine.faults.follow(FaultPlan.none());
        boolean aborted = succeeds(other.uploads().abort(Engine.ID, upload.id));
        engine.faults.late().releaseAll().block();

        assertThat(aborted && done).isFalse();
        assertThat(engine.get()).isEqualTo(aborted ? OLD : UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
        assertThat(engine.get()).isEqualTo(aborted ? OLD : UploadedParts.VALUE);
    }

    @ParameterizedTest(name = "{0} {1}, always: {2}")
    @MethodSource("faultsOfAbort")
    void anAbortThatFailsCanBeRepeated(SpiOperation operation, Fault fault, boolean always) {
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(plan(operation, fault, always));
        succeeds(upload.abort());
        engine.faults.follow(FaultPlan.none());
        engine.finish(other.uploads().abort(Engine.ID, upload.id));
        engine.faults.late().releaseAll().block();

        assertThat(engine.faults.injected(fault)).isPositive();
        assertThatThrownBy(() -> engine.finish(upload.complete(other))).isInstanceOf(UploadGoneException.class);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @ParameterizedTest(name = "{0} {1}, always: {2}")
    @MethodSource("faultsOfInitiate")
    void anUploadWhoseBeginningFailsIsForgotten(SpiOperation operation, Fault fault, boolean always) {
        engine.faults.follow(plan(operation, fault, always));
        try {
            engine.finish(engine.store.uploads().initiate(Engine.ID, ObjectMetadata.defaults()));
        } catch (TerraceException failed) {
            assertThat(failed.retryable()).as("%s", failed).isTrue();
        }
        engine.faults.late().releaseAll().block();

        assertThat(engine.faults.injected(fault)).isPositive();
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aProcessThatDiesWhileItCompletesLeavesAnUploadThatAnotherOneCompletesOrGivesUp() {
        for (SpiOperation step : COMPLETE) {
            for (int nth = 1; nth <= 2; nth++) {
                for (boolean applied : new boolean[] {false, true}) {
                    for (boolean repeated : new boolean[] {false, true}) {
                        dieAt(step, nth, applied, repeated);
                    }
                }
            }
        }
    }

    private static void dieAt(SpiOperation step, int nth, boolean applied, boolean repeated) {
        String what = step + " " + nth + ", applied: " + applied + ", repeated: " + repeated;
        Engine world = new Engine();
        world.put(OLD);
        UploadedParts upload = new UploadedParts(world);
        // A process that is never answered again is a dead one; its last request arrives, or does not.
        world.faults.follow(FaultPlan.on(step, nth, Fault.HANG));
        AtomicInteger answers = new AtomicInteger();
        upload.complete().subscribe(answer -> answers.incrementAndGet());
        if (applied) {
            world.faults.late().releaseAll().block();
        }
        world.faults.follow(FaultPlan.none());
        TieredObjectStore heir = world.another(builder -> builder);
        if (repeated) {
            world.finish(upload.complete(heir));
            assertThat(world.get()).as(what).isEqualTo(UploadedParts.VALUE);
        }
        UploadedParts.assertNothingIsLeft(world);
        assertThat(world.get())
                .as(what)
                .isIn(
                        repeated || answers.get() == 1
                                ? List.of(UploadedParts.VALUE)
                                : List.of(OLD, UploadedParts.VALUE));
    }

    @Test
    void ofSeveralCompletesAtOnceEachSucceedsOrCanBeRepeatedAndTheObjectIsWrittenOnce() {
        for (SpiOperation moment : COMPLETE) {
            Engine world = new Engine();
            world.put(OLD);
            UploadedParts upload = new UploadedParts(world);
            TieredObjectStore second = world.another(builder -> builder);
            world.faults.follow(once(moment, () -> world.finish(upload.complete(second))));
            try {
                world.finish(upload.complete());
            } catch (TerraceException failed) {
                assertThat(failed.retryable()).as("%s: %s", moment, failed).isTrue();
            }
            String etag = world.etag();
            world.finish(upload.complete());
            assertThat(world.etag()).isEqualTo(etag);
            assertThat(world.get()).isEqualTo(UploadedParts.VALUE);
            UploadedParts.assertNothingIsLeft(world);
        }
    }

    @Test
    void anAbortDuringACompleteUndoesItOrComesTooLate() {
        for (SpiOperation moment : COMPLETE) {
            Engine world = new Engine();
            world.put(OLD);
            UploadedParts upload = new UploadedParts(world);
            TieredObjectStore second = world.another(builder -> builder);
            List<Boolean> aborted = new ArrayList<>();
            world.faults.follow(once(
                    moment, () -> aborted.add(succeeds(world, second.uploads().abort(Engine.ID, upload.id)))));
            boolean completed = succeeds(world, upload.complete());
            assertThat(aborted).as("%s", moment).hasSize(1);
            assertThat(completed).as("%s", moment).isNotEqualTo(aborted.get(0));
            assertThat(world.get()).as("%s", moment).isEqualTo(completed ? UploadedParts.VALUE : OLD);
            UploadedParts.assertNothingIsLeft(world);
            assertThat(world.get()).as("%s", moment).isEqualTo(completed ? UploadedParts.VALUE : OLD);
        }
    }

    @Test
    void aRecoveryDuringACompleteDoesNotDisturbIt() {
        for (SpiOperation moment : COMPLETE) {
            Engine world = new Engine();
            world.put(OLD);
            UploadedParts upload = new UploadedParts(world);
            TieredObjectStore second = world.another(builder -> builder);
            world.faults.follow(once(moment, () -> {
                world.finish(second.recover());
                world.finish(second.sweep());
            }));
            world.finish(upload.complete());
            assertThat(world.get()).isEqualTo(UploadedParts.VALUE);
            UploadedParts.assertNothingIsLeft(world);
        }
    }

    @Test
    void aRowThatIsOnlyBumpedMeanwhileIsReplaced() {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> engine.rows
                .bump(Engine.ID, engine.head(), RowChange.fence(7))
                .block()));
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aValueThatIsWrittenMeanwhileIsNotOverwritten() {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> engine.put("newer")));
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo("newer");
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo("newer");
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aCollectedMarkerThatAnUploadStartedFromIsReplacedAsAbsent() {
        engine.put("old");
        engine.finish(engine.store.delete(Engine.ID));
        engine.runtime.advance(Duration.ofHours(26));
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> {
            engine.rows.collectMarkers().block();
            assertThat(engine.head().isAbsent()).isTrue();
        }));
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aWrongListInATakenOverCompleteDoesNotReopenTheUpload() {
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(FaultPlan.on(SpiOperation.UPLOAD_COMPLETE, 1, Fault.LOST));
        assertThatThrownBy(() -> engine.finish(upload.complete())).isInstanceOf(TerraceException.class);
        assertThatThrownBy(() -> engine.finish(
                        other.uploads().complete(Engine.ID, upload.id, List.of(new UploadedPart(9, "none")))))
                .isInstanceOf(InvalidPartException.class);
        assertThat(upload.state()).isEqualTo(UploadRecord.State.COMPLETING);
        engine.finish(upload.complete(other));
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
    }

    @Test
    void nobodyTakesACompleteOverThatBeganBeforeTheWindow() {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.HANG));
        upload.complete().subscribe();
        engine.faults.follow(FaultPlan.none());
        engine.runtime.advance(Duration.ofHours(24).plusSeconds(1));

        assertThatThrownBy(() -> engine.finish(upload.complete(other))).isInstanceOf(UploadGoneException.class);
        engine.faults.late().releaseAll().block();
        assertThat(engine.get()).isEqualTo(OLD);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aSessionThatTheStoreHasLostIsReportedAndNothingIsPointedTo() {
        engine.put(OLD);
        UploadedParts upload = new UploadedParts(engine);
        engine.blobs
                .facet(io.terrace.spi.MultipartUploads.class)
                .orElseThrow()
                .abort(UploadedParts.sessions(engine).get(0))
                .block();
        assertThatThrownBy(() -> engine.finish(upload.complete()))
                .isInstanceOf(UploadGoneException.class)
                .hasMessageContaining("parts are gone");
        assertThat(engine.get()).isEqualTo(OLD);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void whoeverCancelsACompleteThatHasBegunGetsItAllTheSame() {
        UploadedParts upload = new UploadedParts(engine);
        engine.faults.follow(FaultPlan.on(SpiOperation.RECORD_REPLACE, 1, Fault.HANG));
        upload.complete().subscribe().dispose();
        engine.faults.follow(FaultPlan.none());
        engine.faults.late().releaseAll().block();
        assertThat(upload.state()).isEqualTo(UploadRecord.State.COMPLETING);
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
    }

    private static FaultPlan plan(SpiOperation operation, Fault fault, boolean always) {
        return always ? FaultPlan.always(operation, fault) : FaultPlan.on(operation, 1, fault);
    }

    private boolean succeeds(Mono<?> call) {
        return succeeds(engine, call);
    }

    private static boolean succeeds(Engine world, Mono<?> call) {
        try {
            world.finish(call);
            return true;
        } catch (TerraceException failed) {
            return false;
        }
    }

    /** A plan that lets something else happen just before the first call of this kind. */
    private static FaultPlan once(SpiOperation operation, Runnable before) {
        AtomicInteger calls = new AtomicInteger();
        return (SpiCall call) -> {
            if (call.operation() == operation && calls.incrementAndGet() == 1) {
                before.run();
            }
            return Fault.OK;
        };
    }
}
