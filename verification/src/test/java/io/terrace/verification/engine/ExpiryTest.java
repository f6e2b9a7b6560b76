// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ExpirationPolicy;
import io.terrace.MetadataPatch;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowKind;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.MaintenanceReport;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.SweepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R12: objects that live as long as they are read, and what becomes of those that have expired. */
class ExpiryTest {

    private static final Duration IDLE = Duration.ofHours(8);
    /** Until a read is worth a write. */
    private static final Duration DEBOUNCE = IDLE.dividedBy(4);

    private final Engine engine = new Engine();

    @ParameterizedTest
    @ValueSource(strings = {Engine.SMALL, Engine.LARGE})
    void anObjectLivesAsLongAsItIsRead(String value) {
        put(value, ExpirationPolicy.timeToIdle(IDLE));
        for (int reads = 0; reads < 10; reads++) {
            engine.runtime.advance(IDLE.minus(Duration.ofMinutes(30)));
            assertThat(engine.get()).isEqualTo(value);
        }
        engine.runtime.advance(IDLE.plusMillis(1));
        assertThat(engine.get()).isNull();
    }

    @Test
    void aHeadIsAnAccessToo() {
        put(Engine.SMALL, ExpirationPolicy.timeToIdle(IDLE));
        engine.runtime.advance(DEBOUNCE.plusSeconds(1));
        Instant before = expires();
        ObjectInfo answered = Objects.requireNonNull(engine.finish(engine.store.head(Engine.ID)));

        assertThat(answered.metadata().timeExpires())
                .as("what was true when it was read")
                .isEqualTo(before);
        assertThat(expires()).isEqualTo(engine.runtime.now().plus(IDLE));
        assertThat(engine.head().deadline()).isEqualTo(Deadline.at(expires()));
    }

    @Test
    void readsOfAFreshObjectWriteNothing() {
        put(Engine.SMALL, ExpirationPolicy.timeToIdle(IDLE));
        engine.runtime.advance(DEBOUNCE);
        engine.traffic.reset();
        engine.get();
        engine.finish(engine.store.head(Engine.ID));
        assertThat(engine.traffic.records(SpiOperation.ROW_BUMP)).isEmpty();

        engine.runtime.advance(Duration.ofSeconds(1));
        engine.get();
        engine.get();
        assertThat(engine.traffic.records(SpiOperation.ROW_BUMP)).hasSize(1);
    }

    @Test
    void aFixedLifetimeIsNotExtended() {
        put(Engine.SMALL, ExpirationPolicy.timeToLive(IDLE));
        engine.runtime.advance(IDLE.minus(Duration.ofMinutes(30)));
        engine.traffic.reset();
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
        assertThat(engine.traffic.records(SpiOperation.ROW_BUMP)).isEmpty();
        engine.runtime.advance(IDLE);
        assertThat(engine.get()).isNull();
    }

    @Test
    void anObjectThatIsAboutToExpireIsNotTouched() {
        put(Engine.SMALL, ExpirationPolicy.timeToIdle(IDLE));
        engine.runtime.advance(IDLE.minus(Duration.ofSeconds(59)));
        engine.traffic.reset();
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
        assertThat(engine.traffic.records(SpiOperation.ROW_BUMP)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL_NOT_APPLIED", "LOST", "APPLIED_THEN_LOST", "HANG"})
    void aTouchThatFailsFailsNoRead(Fault fault) {
        put(Engine.LARGE, ExpirationPolicy.timeToIdle(IDLE));
        engine.runtime.advance(DEBOUNCE.plusSeconds(1));
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_BUMP, fault));
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        engine.rest();
        engine.faults.follow(FaultPlan.none());
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertThat(expires()).isAfter(engine.runtime.now().plus(IDLE.minus(Duration.ofMinutes(6))));
    }

    @Test
    void aTouchThatArrivesAfterTheDeadlineBringsNothingBack() {
        put(Engine.SMALL, ExpirationPolicy.timeToIdle(IDLE));
        engine.runtime.advance(DEBOUNCE.plusSeconds(1));
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, Fault.LATE));
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
        engine.runtime.advance(IDLE);
        assertThat(engine.faults.late().size()).isEqualTo(1);
        engine.faults.late().releaseAll().block();
        assertThat(engine.get()).isNull();
    }

    @Test
    void anUpdateOfThePolicyThatArrivesAfterTheDeadlineBringsNothingBack() {
        put(Engine.SMALL, ExpirationPolicy.timeToLive(IDLE));
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, Fault.LATE));
        MetadataPatch forever =
                MetadataPatch.builder().expiration(ExpirationPolicy.manual()).build();
        assertThatThrownBy(() -> engine.finish(engine.store.updateMetadata(Engine.ID, forever)))
                .isInstanceOf(OutcomeUnknownException.class);
        engine.runtime.advance(IDLE.plusSeconds(1));
        assertThat(engine.get()).isNull();
        engine.faults.late().releaseAll().block();
        assertThat(engine.get()).isNull();
    }

    @Test
    void aSweepEndsExpiredLargeObjectsWhenEveryClockAgrees() {
        put(Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
        engine.runtime.advance(IDLE.plusSeconds(30));
        assertThat(engine.get()).isNull();
        assertThat(sweep()).isEqualTo(new SweepReport(1, 0, 0, 0, 0));

        engine.runtime.advance(Duration.ofSeconds(31));
        assertThat(sweep()).isEqualTo(new SweepReport(0, 0, 1, 0, 0));
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.head().kind()).isEqualTo(RowKind.MARKER);
        assertThat(sweep()).isEqualTo(new SweepReport(0, 0, 0, 0, 0));
    }

    @Test
    void aSweepThatDiesAtAnyStepIsFinishedByTheNext() {
        for (SpiOperation step : List.of(SpiOperation.ROW_BUMP, SpiOperation.BLOB_DELETE)) {
            for (int calls = 0; calls < 2; calls++) {
                Engine dying = new Engine();
                put(dying, Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
                dying.runtime.advance(IDLE.plusHours(1));
                dying.faults.follow(dyingAt(step, calls));
                dying.finish(dying.store.sweep());
                dying.faults.follow(FaultPlan.none());
                dying.finish(dying.store.sweep());

                assertThat(dying.blobs()).as("%s %s", step, calls).isEmpty();
                assertThat(dying.head().kind()).as("%s %s", step, calls).isEqualTo(RowKind.MARKER);
            }
        }
    }

    @Test
    void aDeadRowIsAbsentForEverybody() {
        put(Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
        engine.rows
                .bump(Engine.ID, engine.head(), RowChange.deadline(Deadline.DEAD))
                .block();
        assertThat(engine.get()).isNull();
        engine.put(Engine.LARGE);
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertThat(engine.blobs()).hasSize(1);
    }

    @Test
    void aPinKeepsTheBlobOfAnExpiredObject() {
        Engine pinned = new Engine(builder -> builder.honourPins(true));
        put(pinned, Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
        pinned.log.pins().pin("a checkpoint").block();
        pinned.runtime.advance(IDLE.plusHours(1));
        assertThat(pinned.finish(pinned.store.sweep())).isEqualTo(new SweepReport(0, 0, 0, 1, 0));
        assertThat(pinned.blobs()).hasSize(1);
        pinned.log.pins().unpin("a checkpoint").block();
        pinned.finish(pinned.store.sweep());
        assertThat(pinned.blobs()).isEmpty();
    }

    @Test
    void maintenanceRemovesEverythingThatIsNotNeeded() {
        put(Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
        engine.runtime.advance(IDLE.plusHours(1));
        assertThat(engine.finish(engine.store.maintain()))
                .isEqualTo(new MaintenanceReport(new RecoveryReport(0, 0, 0), new SweepReport(0, 0, 1, 0, 0), 0));
        engine.runtime.advance(Duration.ofHours(26));
        assertThat(engine.finish(engine.store.maintain()))
                .isEqualTo(new MaintenanceReport(new RecoveryReport(0, 0, 0), new SweepReport(0, 0, 0, 0, 0), 1));
        assertThat(engine.head().kind()).isEqualTo(RowKind.ABSENT);
    }

    @Test
    void maintenanceRunsByItselfWhenItIsAskedToAndGoesOnAfterAFailure() {
        Engine busy = new Engine(builder -> builder.maintainEvery(Duration.ofDays(1)));
        put(busy, Engine.LARGE, ExpirationPolicy.timeToLive(IDLE));
        busy.faults.follow(FaultPlan.always(SpiOperation.BLOB_LIST, Fault.FAIL_NOT_APPLIED));
        busy.runtime.advance(Duration.ofDays(2));
        assertThat(busy.blobs()).hasSize(1);
        busy.faults.follow(FaultPlan.none());
        busy.runtime.advance(Duration.ofDays(1));
        assertThat(busy.blobs()).isEmpty();
        busy.finish(busy.store.closeLater(Duration.ofSeconds(1)));
        assertThat(busy.runtime.pendingTimers()).isZero();
    }

    private SweepReport sweep() {
        return Objects.requireNonNull(engine.finish(engine.store.sweep()));
    }

    private Instant expires() {
        return Objects.requireNonNull(
                Objects.requireNonNull(engine.head().metadata()).timeExpires());
    }

    private void put(String value, ExpirationPolicy policy) {
        put(engine, value, policy);
    }

    private static void put(Engine engine, String value, ExpirationPolicy policy) {
        ObjectMetadata metadata = ObjectMetadata.builder().expiration(policy).build();
        engine.finish(engine.store.put(Engine.ID, metadata, Payload.ofText(value)));
    }

    private static FaultPlan dyingAt(SpiOperation step, int calls) {
        int[] left = {calls};
        return call -> call.operation() == step && left[0]-- <= 0 ? Fault.FAIL_NOT_APPLIED : Fault.OK;
    }
}
