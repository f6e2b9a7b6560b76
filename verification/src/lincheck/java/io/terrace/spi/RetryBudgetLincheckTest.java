// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.tiered.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Steps that earn and repetitions that spend, all at once, of a budget that is nearly used up: none is spent twice. */
@Tag("lincheck")
public class RetryBudgetLincheckTest {

    private final RetryBudget budget = new RetryBudget();

    public RetryBudgetLincheckTest() {
        for (int spent = 0; spent < 19; spent++) {
            budget.spend();
        }
    }

    @Operation
    public void earn() {
        budget.earn();
    }

    @Operation
    public boolean spend() {
        return budget.spend();
    }

    @Test
    void everyInterleavingIsOneOfSteps() {
        Interleavings.check(RetryBudgetLincheckTest.class);
    }
}
