// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static io.terrace.testkit.fault.SpiOperation.BLOB_DELETE;
import static io.terrace.testkit.fault.SpiOperation.ROW_BUMP;
import static io.terrace.testkit.fault.SpiOperation.ROW_CAS;
import static io.terrace.testkit.fault.SpiOperation.ROW_DELETE;
import static io.terrace.testkit.fault.SpiOperation.ROW_READ;
import static io.terrace.testkit.fault.SpiOperation.ROW_SCAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.OutcomeUnknownException;
import io.terrace.TerraceException;
import io.terrace.spi.BackendRole;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class FaultInjectorTest {

    private static final ObjectId ID = ObjectId.parse("photos/_/cat");
    private static final WriteId W1 = new WriteId(1, 1);
    private static final WriteId W2 = new WriteId(2, 2);

    private final FakeRows store = new FakeRows();
    private final FaultInjector faults = new FaultInjector(FaultPlan.none());
    private final HighVolumeBackend rows = faults.rows(store);

    private Mono<CasOutcome> create(WriteId writeId) {
        return rows.compareAndSet(ID, RowVersion.ABSENT, new RowWrite.Marker(writeId));
    }

    private static TerraceException errorOf(Mono<?> call) {
        List<Throwable> errors = new ArrayList<>();
        StepVerifier.create(call).consumeErrorWith(errors::add).verify(Duration.ofSeconds(5));
        assertThat(errors.get(0)).isInstanceOf(TerraceException.class);
        return (TerraceException) errors.get(0);
    }

    @Test
    void withoutAFaultTheCallIsMadeAndAnswered() {
        StepVerifier.create(create(W1))
                .expectNext(new CasOutcome.Applied(RowVersion.of(W1, 0)))
                .verifyComplete();
        assertThat(faults.injected(Fault.OK)).isOne();
    }

    @Test
    void aFailureBeforeTheCallHasNoEffectAndSaysSo() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.FAIL_NOT_APPLIED));
        TerraceException error = errorOf(create(W1));
        assertThat(error).isInstanceOf(BackendUnavailableException.class);
        assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        assertThat(error.retryable()).isTrue();
        assertThat(store.versions).isEmpty();
    }

    @Test
    void aLostRequestHasNoEffectAndTheCallerCannotKnow() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.LOST));
        assertThat(errorOf(create(W1))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(store.versions).isEmpty();
    }

    @Test
    void aLostAnswerLooksTheSameButTheEffectIsThere() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.APPLIED_THEN_LOST));
        assertThat(errorOf(create(W1))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(store.versionOf(ID)).isEqualTo(RowVersion.of(W1, 0));
    }

    @Test
    void aLateCallTakesEffectWhenItIsReleasedAndNotBefore() {
        faults.follow(FaultPlan.on(ROW_DELETE, 1, Fault.LATE));
        assertThat(errorOf(rows.deleteUnlessTombstone(ID, W1))).isInstanceOf(OutcomeUnknownException.class);
        StepVerifier.create(rows.deleteUnlessTombstone(ID, W2))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(store.versionOf(ID).writeId()).isEqualTo(W2);
        assertThat(faults.late().calls()).extracting(SpiCall::operation).containsExactly(ROW_DELETE);

        StepVerifier.create(faults.late().releaseAll()).verifyComplete();

        assertThat(store.versionOf(ID).writeId())
                .as("the late write undoes the newer one")
                .isEqualTo(W1);
        assertThat(faults.late().size()).isZero();
    }

    @Test
    void lateCallsAreReleasedOldestFirstAndAsManyAsWanted() {
        faults.follow(FaultPlan.always(ROW_DELETE, Fault.LATE));
        for (long i = 1; i <= 3; i++) {
            errorOf(rows.deleteUnlessTombstone(ID, new WriteId(i, i)));
        }
        StepVerifier.create(faults.late().release(2)).verifyComplete();
        assertThat(store.versionOf(ID).writeId()).isEqualTo(W2);
        assertThat(faults.late().size()).isOne();
        StepVerifier.create(faults.late().release(9)).verifyComplete();
        assertThat(store.versionOf(ID).writeId()).isEqualTo(new WriteId(3, 3));
    }

    @Test
    void aLateCallThatIsRefusedByThenTroublesNobody() {
        faults.follow(FaultPlan.on(ROW_CAS, 1, Fault.LATE).or(FaultPlan.on(ROW_READ, 1, Fault.LATE)));
        errorOf(create(W1));
        assertThat(errorOf(rows.read(ID, RowProjection.HEAD)).determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        StepVerifier.create(create(W2)).expectNextCount(1).verifyComplete();
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.versionOf(ID).writeId()).isEqualTo(W2);
    }

    @Test
    void droppedLateCallsNeverHappen() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.LATE));
        errorOf(create(W1));
        faults.late().dropAll();
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.versions).isEmpty();
    }

    @Test
    void aLateCallKeepsTheContextOfItsCaller() {
        List<String> seen = new ArrayList<>();
        SpiInterceptor context = new SpiInterceptor() {
            @Override
            public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
                return Mono.deferContextual(ctx -> {
                    seen.add(ctx.get("tenant"));
                    return invocation;
                });
            }
        };
        faults.follow(FaultPlan.always(ROW_DELETE, Fault.LATE));
        errorOf(faults.rows(context.rows(store))
                .deleteUnlessTombstone(ID, W1)
                .contextWrite(ctx -> ctx.put("tenant", "blue")));
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(seen).containsExactly("blue");
    }

    @Test
    void noMoreLateCallsAreHeldThanFit() {
        faults.follow(FaultPlan.always(ROW_DELETE, Fault.LATE));
        for (int i = 0; i <= LateCalls.CAPACITY; i++) {
            errorOf(rows.deleteUnlessTombstone(ID, W1));
        }
        assertThat(faults.late().size()).isEqualTo(LateCalls.CAPACITY);
    }

    @Test
    void aCallThatHangsIsNeverAnsweredAndMayStillTakeEffect() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.HANG));
        StepVerifier.create(create(W1))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .thenCancel()
                .verify(Duration.ofSeconds(5));
        assertThat(store.versions).isEmpty();
        StepVerifier.create(faults.late().releaseAll()).verifyComplete();
        assertThat(store.versionOf(ID).writeId()).isEqualTo(W1);
    }

    @Test
    void aRepeatedRequestIsRefusedByItsOwnFirstAttemptAndSaysThatItMayBe() {
        faults.follow(FaultPlan.on(ROW_CAS, 1, Fault.REPEATED).or(FaultPlan.on(ROW_BUMP, 1, Fault.REPEATED_UNSEEN)));
        StepVerifier.create(create(W1))
                .assertNext(outcome -> {
                    CasOutcome.Refused refused = (CasOutcome.Refused) outcome;
                    assertThat(refused.ambiguousAttempt()).isTrue();
                    assertThat(refused.observed().version()).isEqualTo(RowVersion.of(W1, 0));
                })
                .verifyComplete();
        RowHead head = store.read(ID, RowProjection.HEAD).map(row -> row.head()).block();
        StepVerifier.create(rows.bump(ID, head, RowChange.fence(7)))
                .expectNext(new CasOutcome.Refused(null, true))
                .verifyComplete();
        assertThat(store.versionOf(ID)).isEqualTo(RowVersion.of(W1, 1));
    }

    @Test
    void aReadThatFailsNeverLeavesADoubt() {
        for (Fault fault : List.of(Fault.FAIL_NOT_APPLIED, Fault.LOST, Fault.APPLIED_THEN_LOST, Fault.LATE)) {
            faults.follow(FaultPlan.always(ROW_READ, fault));
            TerraceException error = errorOf(rows.read(ID, RowProjection.FULL));
            assertThat(error).as(fault.toString()).isInstanceOf(BackendUnavailableException.class);
            assertThat(error.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        }
    }

    @Test
    void theDeleteOfABlobFailsAsItsContractSays() {
        SpiCall delete = new SpiCall(BackendRole.LONG_TERM, BLOB_DELETE, "x", 1);
        assertThat(Answers.noAnswer(delete)).isInstanceOf(BackendUnavailableException.class);
        assertThat(Answers.noAnswer(delete).determinacy()).isEqualTo(Determinacy.UNKNOWN);
    }

    @Test
    void aStreamBreaksBeforeItsFirstElementAfterItOrInsteadOfItsEnd() {
        for (int i = 1; i <= 3; i++) {
            store.versions.put("photos/objects/" + i, RowVersion.of(W1, i));
        }
        RowListing listing = rows.facet(RowListing.class).orElseThrow();
        expectListed(listing, Fault.FAIL_NOT_APPLIED, 0);
        expectListed(listing, Fault.LOST, 1);
        expectListed(listing, Fault.APPLIED_THEN_LOST, 3);
        faults.follow(FaultPlan.none());
        StepVerifier.create(listing.scan("", "")).expectNextCount(3).verifyComplete();
    }

    private void expectListed(RowListing listing, Fault fault, int count) {
        faults.follow(FaultPlan.always(ROW_SCAN, fault));
        StepVerifier.create(listing.scan("", ""))
                .expectNextCount(count)
                .expectError(BackendUnavailableException.class)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void nothingHappensBeforeSubscription() {
        faults.follow(FaultPlan.always(ROW_CAS, Fault.LATE));
        create(W1);
        assertThat(faults.injected(Fault.LATE)).isZero();
        assertThat(faults.late().size()).isZero();
    }

    @Test
    void aPlanThatWantsTheImpossibleIsRefused() {
        assertThatThrownBy(() -> FaultPlan.on(ROW_DELETE, 1, Fault.REPEATED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ROW_DELETE");
        assertThatThrownBy(() -> FaultPlan.always(ROW_SCAN, Fault.LATE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultPlan.on(ROW_CAS, 0, Fault.LOST)).isInstanceOf(IllegalArgumentException.class);
        faults.follow(call -> Fault.REPEATED);
        StepVerifier.create(rows.deleteUnlessTombstone(ID, W1)).verifyError(IllegalStateException.class);
        assertThat(store.versions).isEmpty();
    }
}
