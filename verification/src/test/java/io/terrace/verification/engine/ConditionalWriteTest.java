// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.PutOptions;
import io.terrace.TransientException;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowKind;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** R14: what a precondition promises, whatever happens between the read and the compare-and-set. */
class ConditionalWriteTest {

    /** As a value: a delete. */
    private static final String NOTHING = "";

    private static final String OTHER_LARGE = "another value of more than sixteen bytes";

    private Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aCreateStoresOnceAndThenSaysWhatIsThere(String value) {
        ObjectInfo created = put(value, PutOptions.ifAbsent());
        assertFailed(() -> put("x", PutOptions.ifAbsent()), created.etag());
        assertFailed(() -> put(OTHER_LARGE, PutOptions.ifAbsent()), created.etag());

        assertThat(engine.get()).isEqualTo(value);
        assertThat(engine.etag()).isEqualTo(created.etag());
        assertAtRest();
    }

    /** The reader of a tag must not lose a write that it never saw, nor a create find something before it. */
    @ParameterizedTest
    @ValueSource(strings = {"create", "replace", "delete"})
    void aWriteThatAConditionalOneOvertookIsNotAcknowledged(String conditional) {
        String etag = conditional.equals("create")
                ? ""
                : put(OTHER_LARGE, PutOptions.defaults()).etag();
        TieredObjectStore other = engine.another(builder -> builder);
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_CAS) {
                engine.faults.follow(FaultPlan.none());
                engine.finish(written(other, conditional, etag));
            }
            return Fault.OK;
        });
        assertThatThrownBy(() -> put(Engine.LARGE, PutOptions.defaults()))
                .isInstanceOfSatisfying(TransientException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        assertThat(engine.get()).isEqualTo(conditional.equals("delete") ? null : "c");
        assertAtRest();

        put(Engine.LARGE, PutOptions.defaults());
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertAtRest();
    }

    private static Mono<?> written(TieredObjectStore store, String conditional, String etag) {
        if (conditional.equals("delete")) {
            return store.delete(Engine.ID, Precondition.ifMatch(etag));
        }
        PutOptions options = conditional.equals("create") ? PutOptions.ifAbsent() : PutOptions.ifMatch(etag);
        return store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("c"), options);
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aCreateFollowsADelete(String value) {
        put(value, PutOptions.ifAbsent());
        engine.finish(engine.store.delete(Engine.ID));
        put(value, PutOptions.ifAbsent());
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aMatchReplacesExactlyTheBytesItNames(String value) {
        String first = put(OTHER_LARGE, PutOptions.defaults()).etag();
        String second = put(value, PutOptions.ifMatch(first)).etag();
        assertFailed(() -> put("x", PutOptions.ifMatch(first)), second);
        assertFailed(() -> put(OTHER_LARGE, PutOptions.ifMatch(first)), second);
        put("y", PutOptions.ifMatch(second));

        assertThat(engine.get()).isEqualTo("y");
        assertAtRest();
    }

    @Test
    void aMatchOfNothingFails() {
        assertFailed(() -> put("x", PutOptions.ifMatch("00")), null);
        String etag = put("x", PutOptions.defaults()).etag();
        engine.finish(engine.store.delete(Engine.ID));
        assertFailed(() -> put("x", PutOptions.ifMatch(etag)), null);
        assertFailed(() -> delete(Precondition.ifMatch(etag)), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void aDeleteDeletesOnlyWhatItNames(String value) {
        String old = put(value, PutOptions.defaults()).etag();
        String now = put(value, PutOptions.defaults()).etag();
        assertFailed(() -> delete(Precondition.ifMatch(old)), now);
        assertFailed(() -> delete(Precondition.ifAbsent()), now);
        assertThat(engine.get()).isEqualTo(value);

        delete(Precondition.ifMatch(now));
        delete(Precondition.ifAbsent());
        assertThat(engine.get()).isNull();
        assertAtRest();
    }

    @Test
    void aPreconditionThatFailsAtOnceUploadsNothingAndLeavesThePayloadAlone() {
        AtomicBoolean subscribed = new AtomicBoolean();
        Flux<ByteBuffer> body = Flux.defer(() -> {
            subscribed.set(true);
            return Flux.just(ByteBuffer.allocate(100));
        });
        for (Payload payload :
                List.of(Payload.from(body), Payload.from(body).contentLength(100), Payload.of(new byte[1]))) {
            engine.traffic.reset();
            assertFailed(
                    () -> engine.finish(
                            engine.store.put(Engine.ID, ObjectMetadata.defaults(), payload, PutOptions.ifMatch("00"))),
                    null);
            assertThat(engine.traffic.operations()).containsExactly(SpiOperation.ROW_READ);
        }
        assertThat(subscribed).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void whatHasExpiredCountsAsAbsentAndItsBlobIsFreed(String value) {
        for (Runnable write : List.<Runnable>of(
                () -> put(Engine.SMALL, PutOptions.ifAbsent()),
                () -> put(OTHER_LARGE, PutOptions.ifAbsent()),
                () -> delete(Precondition.ifAbsent()))) {
            ObjectMetadata brief = ObjectMetadata.builder()
                    .expiration(ExpirationPolicy.timeToLive(Duration.ofHours(1)))
                    .build();
            ObjectInfo old =
                    Objects.requireNonNull(engine.finish(engine.store.put(Engine.ID, brief, Payload.ofText(value))));
            engine.runtime.advance(Duration.ofHours(2));
            assertFailed(() -> put("x", PutOptions.ifMatch(old.etag())), null);
            write.run();
            assertThat(engine.head().writeId().toString()).isNotEqualTo(old.etag());
            assertAtRest();
        }
    }

    @Test
    void whatExpiresBeforeTheCompareAndSetIsNotMatched() {
        ObjectMetadata brief = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofHours(1)))
                .build();
        ObjectInfo old =
                Objects.requireNonNull(engine.finish(engine.store.put(Engine.ID, brief, Payload.ofText(Engine.LARGE))));
        engine.faults.follow(once(SpiOperation.LOG_APPEND, () -> engine.runtime.jumpWallClock(Duration.ofHours(2))));
        assertFailed(() -> put(OTHER_LARGE, PutOptions.ifMatch(old.etag())), null);
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoComesInBetweenIsReportedAndNothingRemains(boolean reportObserved) {
        for (String start : List.of(NOTHING, Engine.SMALL, Engine.LARGE)) {
            for (String mine : List.of(NOTHING, Engine.SMALL, Engine.LARGE)) {
                for (String theirs : List.of("theirs", OTHER_LARGE)) {
                    if (!start.equals(NOTHING) || !mine.equals(NOTHING)) {
                        engine = new Engine(builder -> builder, reportObserved);
                        loseAgainst(start, mine, theirs);
                    }
                }
            }
        }
    }

    private void loseAgainst(String start, String mine, String theirs) {
        Precondition required = start.equals(NOTHING)
                ? Precondition.ifAbsent()
                : Precondition.ifMatch(put(start, PutOptions.defaults()).etag());
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> put(theirs, PutOptions.defaults())));
        PreconditionFailedException failure = failureOf(() -> write(mine, required));

        assertThat(failure.currentVersion()).contains(engine.etag());
        assertThat(engine.get()).isEqualTo(theirs);
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE, NOTHING})
    void aBumpInBetweenIsARetryableErrorAndNothingRemains(String mine) {
        String etag = put(OTHER_LARGE, PutOptions.defaults()).etag();
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> engine.rows
                .bump(Engine.ID, engine.head(), RowChange.fence(1))
                .block()));
        assertThatThrownBy(() -> write(mine, Precondition.ifMatch(etag)))
                .isInstanceOfSatisfying(BackendUnavailableException.class, error -> {
                    assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                    assertThat(error.retryable()).isTrue();
                });
        assertThat(engine.get()).isEqualTo(OTHER_LARGE);
        assertAtRest();

        write(mine, Precondition.ifMatch(etag));
        assertAtRest();
    }

    /** R14: somebody else put and deleted meanwhile, so the object is absent again, but not the same row. */
    @Test
    void anObjectThatCameAndWentIsARetryableError() {
        engine.put(Engine.SMALL);
        engine.finish(engine.store.delete(Engine.ID));
        engine.faults.follow(once(SpiOperation.ROW_CAS, () -> {
            put("x", PutOptions.defaults());
            engine.finish(engine.store.delete(Engine.ID));
        }));
        assertThatThrownBy(() -> put(Engine.LARGE, PutOptions.ifAbsent()))
                .isInstanceOf(BackendUnavailableException.class);
        assertAtRest();
        put(Engine.LARGE, PutOptions.ifAbsent());
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE, NOTHING})
    void aCompareAndSetThatWasRefusedByItsOwnRepetitionIsASuccess(String mine) {
        for (Fault fault : List.of(Fault.APPLIED_THEN_LOST, Fault.REPEATED, Fault.REPEATED_UNSEEN)) {
            engine = new Engine();
            String etag = put(OTHER_LARGE, PutOptions.defaults()).etag();
            engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, fault));
            write(mine, Precondition.ifMatch(etag));

            assertThat(engine.get()).isEqualTo(mine.equals(NOTHING) ? null : mine);
            assertAtRest();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE, NOTHING})
    void aCompareAndSetThatIsRefusedOutrightIsSentAgain(String mine) {
        String etag = put(OTHER_LARGE, PutOptions.defaults()).etag();
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.FAIL_NOT_APPLIED));
        write(mine, Precondition.ifMatch(etag));
        assertThat(engine.get()).isEqualTo(mine.equals(NOTHING) ? null : mine);
        assertAtRest();
    }

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE, NOTHING})
    void aCompareAndSetThatWasNotAnsweredIsAnUnknownOutcomeAndNotSentAgain(String mine) {
        for (Fault fault : List.of(Fault.LOST, Fault.LATE)) {
            for (String start : List.of(Engine.SMALL, OTHER_LARGE)) {
                engine = new Engine();
                String etag = put(start, PutOptions.defaults()).etag();
                engine.traffic.reset();
                engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, fault));
                assertThatThrownBy(() -> write(mine, Precondition.ifMatch(etag)))
                        .isInstanceOf(OutcomeUnknownException.class);
                assertThat(engine.traffic.records(SpiOperation.ROW_CAS)).hasSize(1);
                engine.rest();
                engine.faults.late().releaseAll().block();

                assertThat(engine.get()).isIn(start, mine.equals(NOTHING) ? null : mine);
                assertAtRest();
            }
        }
    }

    @Test
    void aCompareAndSetThatWasNotAnsweredAndOverwrittenIsUnknownToo() {
        String etag = put(OTHER_LARGE, PutOptions.defaults()).etag();
        AtomicInteger reads = new AtomicInteger();
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_READ && reads.incrementAndGet() == 2) {
                put("theirs", PutOptions.defaults());
            }
            boolean first = call.operation() == SpiOperation.ROW_CAS && reads.get() == 1;
            return first ? Fault.APPLIED_THEN_LOST : Fault.OK;
        });
        assertThatThrownBy(() -> put(Engine.LARGE, PutOptions.ifMatch(etag)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(engine.get()).isEqualTo("theirs");
        assertAtRest();
    }

    @Test
    void aFailedReadChangesNothingAndIsNotUnknown() {
        for (Fault fault : List.of(Fault.FAIL_NOT_APPLIED, Fault.LOST)) {
            engine.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, fault));
            assertThatThrownBy(() -> put(Engine.LARGE, PutOptions.ifAbsent()))
                    .isInstanceOfSatisfying(BackendUnavailableException.class, error -> assertThat(error.determinacy())
                            .isEqualTo(Determinacy.NOT_APPLIED));
            assertAtRest();
        }
    }

    @Test
    void aRecoveryThatTakesTheWriterForDeadEndsIt() {
        String etag = put(Engine.SMALL, PutOptions.defaults()).etag();
        engine.faults.follow(once(
                SpiOperation.ROW_CAS,
                () -> engine.finish(engine.another(builder -> builder).recover())));
        assertThatThrownBy(() -> put(Engine.LARGE, PutOptions.ifMatch(etag)))
                .isInstanceOf(BackendUnavailableException.class);
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
        assertAtRest();
    }

    private void write(String value, Precondition required) {
        if (value.equals(NOTHING)) {
            delete(required);
        } else {
            put(value, new PutOptions(required));
        }
    }

    private ObjectInfo put(String value, PutOptions options) {
        return Objects.requireNonNull(
                engine.finish(engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(value), options)));
    }

    private void delete(Precondition required) {
        engine.finish(engine.store.delete(Engine.ID, required));
    }

    private static void assertFailed(ThrowingCallable write, @Nullable String current) {
        assertThat(failureOf(write).currentVersion()).isEqualTo(Optional.ofNullable(current));
    }

    private static PreconditionFailedException failureOf(ThrowingCallable write) {
        return catchThrowableOfType(PreconditionFailedException.class, write);
    }

    /** A plan that lets something else happen just before the first call of this kind. */
    private static FaultPlan once(SpiOperation operation, Runnable before) {
        AtomicInteger calls = new AtomicInteger();
        return call -> {
            if (call.operation() == operation && calls.incrementAndGet() == 1) {
                before.run();
            }
            return Fault.OK;
        };
    }

    /** No entry is left without a recovery, and every blob is the target of its row. */
    private void assertAtRest() {
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        assertThat(engine.entries()).as("entries").isEmpty();
        if (engine.head().kind() == RowKind.TOMBSTONE) {
            assertThat(engine.blobs()).as("blobs").containsExactly(engine.head().target());
        } else {
            assertThat(engine.blobs()).as("blobs").isEmpty();
        }
    }
}
