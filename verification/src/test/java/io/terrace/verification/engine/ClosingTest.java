// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A close refuses what is new, waits for what is old, and always ends. */
class ClosingTest {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Engine engine = new Engine();

    @Test
    void anIdleStoreClosesAtOnceAndRefusesEverythingAfterwards() {
        assertThat(closes()).isTrue();
        assertThatThrownBy(() -> engine.put(Engine.SMALL))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(engine::get).isInstanceOf(BackendUnavailableException.class);
        assertThat(closes()).as("again").isTrue();
    }

    @Test
    void itWaitsForAWriteThatIsUnderWay() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.FAIL_NOT_APPLIED));
        AtomicBoolean stored = new AtomicBoolean();
        engine.store
                .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))
                .subscribe(info -> stored.set(true));
        AtomicBoolean closed = new AtomicBoolean();
        engine.store.closeLater(GRACE).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
        assertThat(closed).isFalse();
        engine.runtime.advance(Duration.ofSeconds(1));
        assertThat(stored).isTrue();
        assertThat(closed).isTrue();
    }

    @Test
    void itWaitsForABodyThatIsBeingRead() {
        engine.put(Engine.LARGE);
        StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
        AtomicBoolean closed = new AtomicBoolean();
        engine.store.closeLater(GRACE).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
        assertThat(closed).isFalse();
        assertThat(engine.finish(Engine.text(open))).isEqualTo(Engine.LARGE);
        assertThat(closed).isTrue();
    }

    @Test
    void itEndsWithTheGraceThoughABackendNeverAnswers() {
        for (SpiOperation silent : new SpiOperation[] {
            SpiOperation.ROW_READ, SpiOperation.LOG_APPEND, SpiOperation.ROW_CAS, SpiOperation.LOG_REMOVE
        }) {
            Engine stuck = new Engine();
            stuck.faults.follow(FaultPlan.always(silent, Fault.HANG));
            stuck.store
                    .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))
                    .subscribe();
            AtomicBoolean closed = new AtomicBoolean();
            stuck.store.closeLater(GRACE).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
            stuck.runtime.advance(GRACE.minusMillis(1));
            assertThat(closed).as("%s, within the grace", silent).isFalse();
            stuck.runtime.advance(Duration.ofMillis(1));
            assertThat(closed).as("%s, after the grace", silent).isTrue();
        }
    }

    @Test
    void anIdleStoreHasNoTimers() {
        engine.put(Engine.LARGE);
        engine.put(Engine.SMALL);
        // The one timer of all deadlines runs out, and is not set again.
        assertThat(engine.runtime.pendingTimers()).isEqualTo(1);
        engine.runtime.advance(Duration.ofMinutes(1));
        assertThat(engine.runtime.pendingTimers()).isZero();
    }

    private boolean closes() {
        AtomicBoolean closed = new AtomicBoolean();
        engine.store.closeLater(GRACE).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
        return closed.get();
    }
}
