// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** See {@link FaultPlan#seeded}. */
final class SeededFaults implements FaultPlan {

    private static final Map<SpiOperation, List<Fault>> CHOICES = choices();
    private static final int LONGEST_PREFIX = 64 * 1024;

    private final long seed;
    private final double rate;

    SeededFaults(long seed, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("a rate is a probability from 0 to 1, not " + rate);
        }
        this.seed = seed;
        this.rate = rate;
    }

    private static Map<SpiOperation, List<Fault>> choices() {
        Map<SpiOperation, List<Fault>> choices = new EnumMap<>(SpiOperation.class);
        for (SpiOperation operation : SpiOperation.values()) {
            choices.put(
                    operation,
                    Arrays.stream(Fault.values())
                            .filter(fault -> fault != Fault.OK && fault != Fault.HANG && fault.appliesTo(operation))
                            .toList());
        }
        return choices;
    }

    @Override
    public Fault faultFor(SpiCall call) {
        SplittableRandom dice = dice(call, 0);
        if (call.operation().administrative() || dice.nextDouble() >= rate) {
            return Fault.OK;
        }
        List<Fault> choices = CHOICES.getOrDefault(call.operation(), List.of());
        return choices.get(dice.nextInt(choices.size()));
    }

    @Override
    public BodyFault bodyFaultFor(SpiCall call) {
        SplittableRandom dice = dice(call, 1);
        if (call.operation() != SpiOperation.BLOB_GET || dice.nextDouble() >= rate) {
            return BodyFault.NONE;
        }
        return BodyFault.errorAfter(dice.nextInt(LONGEST_PREFIX));
    }

    private SplittableRandom dice(SpiCall call, int purpose) {
        long which = call.role().label().hashCode() * 31L + call.sequence() * 2 + purpose;
        return new SplittableRandom(seed ^ which * 0x9E3779B97F4A7C15L).split();
    }
}
