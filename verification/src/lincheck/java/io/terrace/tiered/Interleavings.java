// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** Looks for an interleaving of a class's operations whose results no order of these operations could have had. */
public final class Interleavings {

    private Interleavings() {}

    /** Throws with the interleaving if there is one. */
    public static void check(Class<?> operations) {
        new ModelCheckingOptions()
                .threads(3)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(1)
                .iterations(10)
                .invocationsPerIteration(300)
                .check(operations);
    }
}
