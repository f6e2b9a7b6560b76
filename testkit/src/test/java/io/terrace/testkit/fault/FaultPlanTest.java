// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static io.terrace.testkit.fault.SpiOperation.BLOB_GET;
import static io.terrace.testkit.fault.SpiOperation.BLOB_PUT;
import static io.terrace.testkit.fault.SpiOperation.CHECK;
import static io.terrace.testkit.fault.SpiOperation.CLOSE;
import static io.terrace.testkit.fault.SpiOperation.ROW_CAS;
import static io.terrace.testkit.fault.SpiOperation.ROW_PUT;
import static io.terrace.testkit.fault.SpiOperation.ROW_SCAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.terrace.spi.BackendRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static SpiCall call(SpiOperation operation, long sequence) {
        return new SpiCall(BackendRole.HIGH_VOLUME, operation, "x", sequence);
    }

    private static List<Fault> faults(FaultPlan plan, SpiOperation operation, long calls) {
        return LongStream.rangeClosed(1, calls)
                .mapToObj(i -> plan.faultFor(call(operation, i)))
                .toList();
    }

    @Test
    void onlyTheNthCallOfTheOperationFails() {
        FaultPlan plan = FaultPlan.on(ROW_CAS, 2, Fault.LOST);
        assertThat(faults(plan, ROW_PUT, 5)).containsOnly(Fault.OK);
        assertThat(faults(plan, ROW_CAS, 4)).containsExactly(Fault.OK, Fault.LOST, Fault.OK, Fault.OK);
    }

    @Test
    void combinedPlansBothCountEveryCallAndTheFirstWins() {
        FaultPlan plan = FaultPlan.on(ROW_CAS, 1, Fault.LOST)
                .or(FaultPlan.on(ROW_CAS, 1, Fault.LATE))
                .or(FaultPlan.on(ROW_CAS, 3, Fault.LATE));
        assertThat(faults(plan, ROW_CAS, 4)).containsExactly(Fault.LOST, Fault.OK, Fault.LATE, Fault.OK);
    }

    @Test
    void combinedPlansCombineTheirBodies() {
        FaultPlan plan = FaultPlan.onBody(BLOB_GET, 2, BodyFault.errorAfter(3))
                .or(FaultPlan.onBody(BLOB_GET, 1, BodyFault.endAfter(1)));
        assertThat(plan.bodyFaultFor(call(BLOB_PUT, 1))).isEqualTo(BodyFault.NONE);
        assertThat(plan.bodyFaultFor(call(BLOB_GET, 2))).isEqualTo(BodyFault.endAfter(1));
        assertThat(plan.bodyFaultFor(call(BLOB_GET, 3))).isEqualTo(BodyFault.errorAfter(3));
        assertThat(plan.faultFor(call(BLOB_GET, 4))).isEqualTo(Fault.OK);
    }

    @Test
    void aSeedRepeatsItselfAndDiffersFromOthers() {
        assertThat(faults(FaultPlan.seeded(7, 0.5), ROW_CAS, 200))
                .isEqualTo(faults(FaultPlan.seeded(7, 0.5), ROW_CAS, 200))
                .isNotEqualTo(faults(FaultPlan.seeded(8, 0.5), ROW_CAS, 200));
    }

    @Test
    void aSeededPlanKeepsItsRateAndUsesEveryFaultThatApplies() {
        List<Fault> seen = faults(FaultPlan.seeded(1, 0.3), ROW_CAS, 20_000);
        long failed = seen.stream().filter(fault -> fault != Fault.OK).count();
        assertThat(failed / 20_000.0).isCloseTo(0.3, within(0.02));
        assertThat(EnumSet.copyOf(seen)).isEqualTo(EnumSet.complementOf(EnumSet.of(Fault.HANG)));
        for (SpiOperation operation : SpiOperation.values()) {
            for (Fault fault : faults(FaultPlan.seeded(2, 1), operation, 200)) {
                assertThat(fault.appliesTo(operation)).isTrue();
            }
        }
        assertThat(faults(FaultPlan.seeded(2, 1), ROW_SCAN, 200)).doesNotContain(Fault.OK);
    }

    @Test
    void aSeededPlanLeavesChecksAndClosesAlone() {
        assertThat(faults(FaultPlan.seeded(2, 1), CHECK, 100)).containsOnly(Fault.OK);
        assertThat(faults(FaultPlan.seeded(2, 1), CLOSE, 100)).containsOnly(Fault.OK);
    }

    @Test
    void aSeededPlanBreaksBodiesButNeverEndsThemEarly() {
        FaultPlan plan = FaultPlan.seeded(3, 0.5);
        List<BodyFault> bodies = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            bodies.add(plan.bodyFaultFor(call(BLOB_GET, i)));
        }
        assertThat(bodies)
                .extracting(BodyFault::kind)
                .contains(BodyFault.Kind.NONE, BodyFault.Kind.ERROR)
                .doesNotContain(BodyFault.Kind.PREMATURE_END);
        assertThat(Set.copyOf(bodies)).hasSizeGreaterThan(300);
    }

    @Test
    void aRateIsAProbability() {
        assertThatThrownBy(() -> FaultPlan.seeded(1, 1.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultPlan.seeded(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyBodiesHaveBodyFaultsAndAnUploadDoesNotEndEarly() {
        assertThatThrownBy(() -> FaultPlan.onBody(ROW_CAS, 1, BodyFault.errorAfter(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultPlan.onBody(BLOB_PUT, 1, BodyFault.endAfter(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BodyFault.errorAfter(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
