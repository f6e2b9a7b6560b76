// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.time.Instant;
import java.util.UUID;
import reactor.core.scheduler.Scheduler;

/**
 * Time, timers, ids and randomness, for the engine and the backends alike. Nothing in Terrace reads a clock or a random
 * source by itself, so that a test can run hours in milliseconds and replay a run from its seed.
 */
public interface TerraceRuntime {

    /** Wall-clock time, microseconds since the epoch. May jump. */
    long nowMicros();

    /** A clock that never goes back, nanoseconds from an arbitrary origin. May stand still while a machine is suspended. */
    long monotonicNanos();

    /** Where delays and deadlines fire. Work on it must be short and must not block. */
    Scheduler timers();

    /** An id that was never used and never will be. */
    WriteId newWriteId();

    /** A version 7 UUID that was never used and never will be. */
    UUID newUuid();

    /** Random bits, for jitter and for the first bump of an absent row. Not for secrets. */
    long randomLong();

    /** 64 bits that nobody can predict, for secrets. Does not block. */
    long secretLong();

    /** Wall-clock time. */
    default Instant now() {
        long micros = nowMicros();
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** The real thing. */
    static TerraceRuntime system() {
        return SystemRuntime.INSTANCE;
    }
}
