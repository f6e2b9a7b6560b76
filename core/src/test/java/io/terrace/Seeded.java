// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Random;

/** Runs a property over random cases. A failing case names its seed, which {@code -Dterrace.seed=n} runs alone. */
public final class Seeded {
    private static final Long ONLY = Long.getLong("terrace.seed");

    private Seeded() {}

    /** A property; it fails by throwing. */
    public interface Property {
        void check(Random random);
    }

    public static void cases(int count, Property property) {
        if (ONLY != null) {
            run(ONLY, property);
            return;
        }
        for (long seed = 0; seed < count; seed++) {
            run(seed, property);
        }
    }

    private static void run(long seed, Property property) {
        try {
            // Random's first numbers are almost the same for neighbouring seeds, so those are spread.
            property.check(new Random(seed * 0x9E3779B97F4A7C15L ^ seed << 17));
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError("seed " + seed + " (-Dterrace.seed=" + seed + "): " + failed.getMessage(), failed);
        }
    }
}
