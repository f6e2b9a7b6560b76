// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.InvalidPartException;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import io.terrace.UploadGoneException;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowKind;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Ways in which stores of this kind have lost data or hung, one test each, as a schedule written out by hand. The numbers
 * are those of {@code docs/known-holes.md}. The simulation looks for everything nearby.
 */
class KnownHolesTest {

    private final Engine engine = new Engine();

    @Test
    void h1ALateCompareAndSetNeverPointsToADeletedBlob() {
        engine.put("old");
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.LATE));
        String answer = putLarge(engine.store);
        engine.rest();
        engine.faults.late().releaseAll().block();

        assertThat(engine.faults.injected(Fault.LATE)).isEqualTo(1);
        // Tried again and done, or undone and fenced: what must not be is a row without its blob.
        assertThat(engine.get()).isEqualTo(answer.equals("done") ? Engine.LARGE : "old");
        assertAtRest();
    }

    @Test
    void h1EveryCompareAndSetLateLeavesTheOldObject() {
        engine.put("old");
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_CAS, Fault.LATE));
        assertThatThrownBy(() -> engine.finish(put(engine.store, Engine.LARGE)))
                .isInstanceOf(OutcomeUnknownException.class);
        engine.rest();
        assertThat(engine.faults.late().size()).isGreaterThan(1);
        engine.faults.late().releaseAll().block();

        assertThat(engine.get()).isEqualTo("old");
        assertAtRest();
    }

    @Test
    void h2ARecoveryBesideALiveWriterMakesItFailOrLetsItSucceedWhole() {
        engine.put("old");
        TieredObjectStore other = engine.another(builder -> builder);
        // Just before the writer's compare-and-set, another process takes it for dead.
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> {
            RecoveryReport report = engine.finish(other.recover());
            assertThat(Objects.requireNonNull(report).settled()).isEqualTo(1);
        }));
        assertThatThrownBy(() -> engine.finish(put(engine.store, Engine.LARGE)))
                .isInstanceOfSatisfying(TerraceException.class, error -> assertThat(error.retryable())
                        .isTrue());

        assertThat(engine.get()).isEqualTo("old");
        assertAtRest();
    }

    @Test
    void h3ABumpDoesNotBringBackWhatWasOverwritten() {
        engine.put(Engine.LARGE);
        var before = engine.head();
        engine.put("new");
        // What a reader that extends the lifetime of what it has read comes to: it names the version that it read.
        var outcome = engine.rows
                .bump(Engine.ID, before, RowChange.deadline(before.deadline()))
                .block();

        assertThat(Objects.requireNonNull(outcome).<Boolean>fold(applied -> true, refused -> false))
                .isFalse();
        assertThat(engine.get()).isEqualTo("new");
        assertAtRest();
    }

    @Test
    void h4AValueThatExpiresDuringAnUploadDoesNotSwallowTheNewOne() {
        expiring(Engine.LARGE);
        // The old value expires between the read of the row and the compare-and-set.
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> engine.runtime.jumpWallClock(Duration.ofHours(2))));
        engine.finish(put(engine.store, "a new value that is large as well"));

        assertThat(engine.get()).isEqualTo("a new value that is large as well");
        assertAtRest();
    }

    @Test
    void h5AReadDuringAnOverwriteFindsTheOldOrTheNewNeverNothing() {
        engine.put(Engine.LARGE);
        engine.faults.follow(once(
                SpiOperation.BLOB_GET, () -> engine.finish(put(engine.store, "another large value of the object"))));

        assertThat(engine.get()).isEqualTo("another large value of the object");
        assertAtRest();
    }

    @Test
    void h6ARepeatedCompleteDoesNotBringBackWhatWasOverwritten() {
        engine.put("old");
        UploadedParts upload = new UploadedParts(engine);
        // It takes effect, and neither its caller nor its cleanup hears of it.
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.HANG));
        upload.complete().subscribe();
        engine.faults.late().releaseAll().block();
        engine.faults.follow(FaultPlan.none());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        engine.put("a newer value that is large as well");
        engine.finish(upload.complete(engine.another(builder -> builder)));

        assertThat(engine.get()).isEqualTo("a newer value that is large as well");
        UploadedParts.assertNothingIsLeft(engine);
        assertThat(engine.get()).isEqualTo("a newer value that is large as well");
    }

    @Test
    void h7AnUploadIdThatWasMadeUpReachesNoUploadAndNoBlob() {
        engine.put(Engine.LARGE);
        UploadedParts upload = new UploadedParts(engine);
        UUID victim = Objects.requireNonNull(engine.head().target()).uuid();
        UUID known = UploadedParts.records(engine).get(0).blob().uuid();
        List<UploadedPart> list = List.of(new UploadedPart(1, "etag"));
        engine.traffic.reset();
        for (UUID blob : List.of(victim, known)) {
            ByteBuffer forged = ByteBuffer.allocate(32)
                    .putLong(blob.getMostSignificantBits())
                    .putLong(blob.getLeastSignificantBits());
            UploadId id = new UploadId(Base64.getUrlEncoder().withoutPadding().encodeToString(forged.array()));
            assertThatThrownBy(() -> engine.finish(engine.store.uploads().complete(Engine.ID, id, list)))
                    .isInstanceOf(UploadGoneException.class);
            assertThatThrownBy(() -> engine.finish(engine.store.uploads().abort(Engine.ID, id)))
                    .isInstanceOf(UploadGoneException.class);
        }
        assertThat(engine.traffic.operations()).containsOnly(SpiOperation.RECORD_GET, SpiOperation.ROW_READ);

        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        engine.finish(upload.complete());
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void h8OverwritingOrDeletingAnExpiredLargeObjectFreesItsBlob() {
        for (Mono<?> next : new Mono<?>[] {
            put(engine.store, Engine.SMALL), put(engine.store, Engine.LARGE), engine.store.delete(Engine.ID)
        }) {
            expiring(Engine.LARGE);
            engine.runtime.advance(Duration.ofHours(2));
            assertThat(engine.get()).isNull();
            engine.finish(next);
            assertAtRest();
        }
    }

    @Test
    void h9AWriterThatDiesAtAnyStepLeavesNothingBehind() {
        SpiOperation[] steps = {
            SpiOperation.LOG_APPEND,
            SpiOperation.BLOB_PUT,
            SpiOperation.ROW_CAS,
            SpiOperation.BLOB_DELETE,
            SpiOperation.LOG_REMOVE
        };
        for (SpiOperation step : steps) {
            for (boolean applied : new boolean[] {false, true}) {
                Engine world = new Engine();
                world.put("an old value that is large, too");
                // A process that is never answered again is a dead one; its last request arrives, or does not.
                world.faults.follow(FaultPlan.on(step, 1, Fault.HANG));
                world.store
                        .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))
                        .subscribe();
                if (applied) {
                    world.faults.late().releaseAll().block();
                }
                world.finish(world.another(builder -> builder).recover());

                assertThat(world.faults.injected(Fault.HANG)).as("%s", step).isEqualTo(1);
                assertAtRest(world);
                assertThat(world.get()).isIn("an old value that is large, too", Engine.LARGE);
            }
        }
    }

    @Test
    void h11ABlindWriteIsSentOnceAndItsUnknownOutcomeIsReported() {
        for (Fault fault : new Fault[] {Fault.LOST, Fault.APPLIED_THEN_LOST, Fault.LATE}) {
            Engine world = new Engine();
            world.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, fault));
            assertThatThrownBy(() -> world.put(Engine.SMALL)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(world.traffic.records(SpiOperation.ROW_PUT)).hasSize(1);
        }
    }

    @Test
    void h12ASmallPutWhoseCompareAndSetComesLateDoesNotForgetTheOldBlob() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_CAS, Fault.LATE));
        assertThatThrownBy(() -> engine.put(Engine.SMALL)).isInstanceOf(OutcomeUnknownException.class);
        engine.rest();
        engine.faults.late().releaseAll().block();

        assertThat(engine.get()).isIn(Engine.LARGE, Engine.SMALL);
        assertAtRest();
    }

    @Test
    void h13ALateDeleteOfATombstoneDoesNotHitTheValueThatCameAfterIt() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_CAS, Fault.LATE));
        assertThatThrownBy(() -> engine.finish(engine.store.delete(Engine.ID)))
                .isInstanceOf(OutcomeUnknownException.class);
        engine.rest();
        engine.faults.follow(FaultPlan.none());
        engine.put("new");
        engine.faults.late().releaseAll().block();

        assertThat(engine.get()).isEqualTo("new");
        assertAtRest();
    }

    @Test
    void h14ABlobThatCannotBeDeletedHoldsUpNeitherTheOthersNorTheClose() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(SpiOperation.BLOB_DELETE, Fault.FAIL_NOT_APPLIED));
        engine.put(Engine.SMALL);
        engine.finish(engine.store.closeLater(Duration.ofSeconds(30)));
        assertThat(engine.entries()).hasSize(1);

        engine.faults.follow(FaultPlan.none());
        engine.finish(engine.another(builder -> builder).recover());
        assertAtRest();
    }

    @Test
    void h15AnUploadHasOneRecordHoweverOftenItIsCompletedInVain() {
        UploadedParts upload = new UploadedParts(engine);
        List<UploadedPart> wrong = List.of(new UploadedPart(9, "none"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> engine.finish(engine.store.uploads().complete(Engine.ID, upload.id, wrong)))
                    .isInstanceOf(InvalidPartException.class);
            assertThat(UploadedParts.records(engine)).hasSize(1);
        }
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.HANG));
        upload.complete().subscribe();
        engine.faults.follow(FaultPlan.none());
        engine.finish(upload.complete());
        assertThat(UploadedParts.records(engine)).hasSize(1);
        assertThat(engine.entries()).isEmpty();
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void h16AnUploadThatNobodyTouchesIsRemovedAndOneThatGetsPartsIsNot() {
        UploadedParts abandoned = new UploadedParts(engine);
        UploadedParts slow = new UploadedParts(engine);
        TieredObjectStore janitor = engine.another(builder -> builder);
        engine.runtime.advance(Duration.ofHours(23));
        UploadedPart late = Objects.requireNonNull(
                engine.finish(engine.store.uploads().uploadPart(Engine.ID, slow.id, 4, Payload.ofText("!"))));
        engine.runtime.advance(Duration.ofHours(2));
        engine.finish(janitor.recover());

        assertThat(UploadedParts.sessions(engine)).hasSize(1);
        assertThatThrownBy(() -> engine.finish(abandoned.complete())).isInstanceOf(UploadGoneException.class);
        engine.finish(engine.store.uploads().complete(Engine.ID, slow.id, List.of(slow.parts.get(0), late)));
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE.substring(0, 5) + "!");
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void h16ASessionWhoseRecordWasNeverWrittenIsAborted() {
        engine.faults.follow(FaultPlan.on(SpiOperation.RECORD_BEGIN, 1, Fault.HANG));
        engine.store.uploads().initiate(Engine.ID, ObjectMetadata.defaults()).subscribe();
        engine.faults.follow(FaultPlan.none());
        TieredObjectStore janitor = engine.another(builder -> builder);
        engine.runtime.advance(Duration.ofHours(23));
        engine.finish(janitor.sweep());
        assertThat(UploadedParts.sessions(engine)).hasSize(1);
        engine.runtime.advance(Duration.ofHours(2));
        engine.finish(janitor.sweep());
        assertThat(UploadedParts.sessions(engine)).isEmpty();

        // The record comes after all: it is of an upload that nobody knows.
        engine.faults.late().releaseAll().block();
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void h17ALifetimeThatIsShorterThanTheUploadBeginsWhenItIsCompleted() {
        UploadedParts upload = new UploadedParts(
                engine,
                ObjectMetadata.builder()
                        .expiration(ExpirationPolicy.timeToLive(Duration.ofMinutes(1)))
                        .build());
        engine.runtime.advance(Duration.ofMinutes(5));
        ObjectInfo completed = Objects.requireNonNull(engine.finish(upload.complete()));

        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        assertThat(engine.head().deadline())
                .isEqualTo(
                        Deadline.at(Objects.requireNonNull(completed.metadata().timeExpires())));
        // The blob says nothing of its own about it.
        assertThat(Objects.requireNonNull(
                                engine.blobs.head(engine.blobs().get(0)).block())
                        .metadata())
                .isEqualTo(ObjectMetadata.builder()
                        .expiration(ExpirationPolicy.timeToLive(Duration.ofMinutes(1)))
                        .build());
    }

    @Test
    void h26AHotKeyIsWrittenByManyAtOnceWithoutAnError() {
        engine.put(Engine.LARGE);
        AtomicInteger others = new AtomicInteger();
        // Each compare-and-set of the one writer is overtaken by a whole write of another.
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_CAS && others.incrementAndGet() == 1) {
                for (int i = 0; i < 10; i++) {
                    engine.finish(put(engine.store, "large value number " + i + " of the other writer"));
                }
            }
            return Fault.OK;
        });
        engine.put("mine");

        assertThat(engine.get()).startsWith("large value number 9");
        assertAtRest();
    }

    @Test
    void h30AnOldMarkerThatIsCollectedAndThenFencedIsNotTakenForAnotherValue() {
        engine.put("old");
        engine.finish(engine.store.delete(Engine.ID));
        engine.runtime.advance(Duration.ofHours(26));
        // Between the read of the marker and the compare-and-set, it is collected, and another writer fences what is
        // left.
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> {
            engine.rows.collectMarkers().block();
            assertThat(engine.head().isAbsent()).isTrue();
            engine.rows.bump(Engine.ID, engine.head(), RowChange.fence(7)).block();
        }));
        engine.put(Engine.LARGE);

        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertAtRest();
    }

    @Test
    void h29AReaderThatHasBegunFinishesThoughTheObjectIsReplaced() {
        engine.put(Engine.LARGE);
        StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID, GetOptions.all())));
        engine.put(Engine.SMALL);

        assertThat(engine.finish(Engine.text(open))).isEqualTo(Engine.LARGE);
        assertAtRest();
    }

    @Test
    void h29WithAGraceTheBlobOutlivesItsObject() {
        Engine graceful = new Engine(builder -> builder.deletionGrace(Duration.ofSeconds(10)));
        graceful.put(Engine.LARGE);
        graceful.put(Engine.SMALL);
        graceful.runtime.advance(Duration.ofSeconds(9));
        assertThat(graceful.blobs()).hasSize(1);
        graceful.runtime.advance(Duration.ofSeconds(2));
        assertAtRest(graceful);
    }

    private void expiring(String value) {
        ObjectMetadata metadata = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofHours(1)))
                .build();
        engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText(value)));
    }

    private static Mono<?> put(TieredObjectStore store, String value) {
        return store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(value));
    }

    private String putLarge(TieredObjectStore store) {
        try {
            engine.finish(put(store, Engine.LARGE));
            return "done";
        } catch (OutcomeUnknownException unknown) {
            return "unknown";
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

    private void assertAtRest() {
        assertAtRest(engine);
    }

    /** No entry is left, and every blob is the target of its row. */
    private static void assertAtRest(Engine engine) {
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        engine.finish(engine.another(builder -> builder).recover());
        assertThat(engine.entries()).as("entries").isEmpty();
        if (engine.head().kind() == RowKind.TOMBSTONE) {
            assertThat(engine.blobs()).as("blobs").containsExactly(engine.head().target());
        } else {
            assertThat(engine.blobs()).as("blobs").isEmpty();
        }
    }
}
