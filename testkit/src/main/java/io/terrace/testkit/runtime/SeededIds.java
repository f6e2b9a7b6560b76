// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.runtime;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids and random numbers that follow from a seed. */
final class SeededIds {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long LOW_62_BITS = -1L >>> 2;

    private final long key;
    private final AtomicLong issued = new AtomicLong();
    private final AtomicLong drawn = new AtomicLong();
    private final AtomicLong secrets = new AtomicLong();

    SeededIds(long seed) {
        this.key = mix(seed + GOLDEN);
    }

    long randomLong() {
        return mix(key + drawn.incrementAndGet() * GOLDEN);
    }

    long secretLong() {
        return mix(~key + secrets.incrementAndGet() * GOLDEN);
    }

    /** A version 7 UUID. The low 62 bits alone make it unique: they are a one-to-one image of a counter. */
    UUID uuidAt(long epochMillis) {
        long n = issued.incrementAndGet();
        long high = (epochMillis << 16) | 0x7000 | (mix(key ^ n) & 0xFFF);
        long low = Long.MIN_VALUE | ((key + n * GOLDEN) & LOW_62_BITS);
        return new UUID(high, low);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
