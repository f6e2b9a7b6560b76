// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.GetOptions;
import io.terrace.testkit.fault.BodyFault;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import org.junit.jupiter.api.Test;

/** A large read that breaks is read on from the last byte. */
class LargeReadTest {

    private static final String DIGITS = "0123456789".repeat(10);

    private final Engine engine = new Engine();

    @Test
    void aBrokenReadIsResumedAtTheLastByte() {
        engine.put(DIGITS);
        for (BodyFault fault : new BodyFault[] {BodyFault.errorAfter(37), BodyFault.endAfter(37)}) {
            engine.traffic.reset();
            engine.faults.follow(FaultPlan.onBody(SpiOperation.BLOB_GET, 1, fault));
            assertThat(engine.get()).isEqualTo(DIGITS);
            assertThat(engine.traffic.records(SpiOperation.BLOB_GET)).hasSize(2);
        }
    }

    @Test
    void aBrokenReadOfARangeIsResumedWithinTheRange() {
        engine.put(DIGITS);
        engine.faults.follow(FaultPlan.onBody(SpiOperation.BLOB_GET, 1, BodyFault.errorAfter(10)));
        String read = engine.finish(
                engine.store.withObject(Engine.ID, GetOptions.range(ByteRange.bounded(25, 74)), Engine::text));
        assertThat(read).isEqualTo(DIGITS.substring(25, 75));
    }

    @Test
    void aReadThatMakesNoProgressGivesUpWithARetryableError() {
        engine.put(DIGITS);
        engine.faults.follow(everyBody(BodyFault.errorAfter(0)));
        assertThatThrownBy(engine::get).isInstanceOf(BackendUnavailableException.class);
        assertThat(engine.traffic.records(SpiOperation.BLOB_GET)).hasSizeLessThan(10);
    }

    @Test
    void aReadThatAdvancesAByteAtATimeEndsAllTheSame() {
        engine.put("x".repeat(40));
        engine.faults.follow(everyBody(BodyFault.errorAfter(1)));
        assertThat(engine.get()).isEqualTo("x".repeat(40));
    }

    @Test
    void aReadWhoseBlobIsGoneWhenItResumesSaysSoAndCanBeRepeated() {
        engine.put(DIGITS);
        engine.faults.follow(new FaultPlan() {
            @Override
            public Fault faultFor(SpiCall call) {
                return Fault.OK;
            }

            @Override
            public BodyFault bodyFaultFor(SpiCall call) {
                engine.faults.follow(FaultPlan.none());
                engine.put(Engine.SMALL);
                return BodyFault.errorAfter(10);
            }
        });
        assertThatThrownBy(engine::get)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("replaced while it was being read");
    }

    private static FaultPlan everyBody(BodyFault fault) {
        return new FaultPlan() {
            @Override
            public Fault faultFor(SpiCall call) {
                return Fault.OK;
            }

            @Override
            public BodyFault bodyFaultFor(SpiCall call) {
                return call.operation() == SpiOperation.BLOB_GET ? fault : BodyFault.NONE;
            }
        };
    }
}
