// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Units that are taken and given back all at once, while nobody waits: none is taken twice, and none is lost. */
@Tag("lincheck")
@Param(name = "units", gen = IntGen.class, conf = "1:3")
public class LimiterLincheckTest {

    private final Limiter limiter = new Limiter(5, 0);

    @Operation
    public boolean tryAcquire(@Param(name = "units") int units) {
        return limiter.tryAcquire(units);
    }

    @Operation
    public void release(@Param(name = "units") int units) {
        limiter.release(units);
    }

    @Operation
    public long taken() {
        return limiter.taken();
    }

    @Test
    void everyInterleavingIsOneOfSteps() {
        Interleavings.check(LimiterLincheckTest.class);
    }
}
