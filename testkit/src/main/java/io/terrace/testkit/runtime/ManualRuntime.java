// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.runtime;

import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.scheduler.Scheduler;

/**
 * A runtime whose clocks move only when the test moves them, and whose ids and random numbers follow from a seed.
 *
 * <p><b>Time.</b> {@link #advance} moves both clocks and runs the timers that fall due, in order, each at its own instant,
 * on the calling thread; when it returns they have run. {@link #jumpWallClock} moves the wall clock alone, as an operator
 * or a time server does; timers do not notice. What is scheduled without a delay runs at once.
 *
 * <p><b>Ids.</b> Unique within a runtime, in the layout of a version 7 UUID with the virtual time. Runtimes with different
 * seeds may stand for different processes that share a store: their ids do not collide either, for all practical purposes.
 *
 * <p><b>Repeatability.</b> The same seed gives the same ids and numbers in the same order; which caller gets which is
 * repeatable as far as the order of the callers is. Safe for use by several threads.
 */
public final class ManualRuntime implements TerraceRuntime {

    private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

    private final VirtualTimers timers = new VirtualTimers();
    private final AtomicLong wallOffsetMicros;
    private final SeededIds ids;

    /** Starts at midnight of 1 January 2026, UTC. */
    public ManualRuntime(long seed) {
        this(seed, DEFAULT_START);
    }

    /** Starts at that time, by the wall clock; the monotonic clock starts at zero. */
    public ManualRuntime(long seed, Instant start) {
        this.wallOffsetMicros = new AtomicLong(ChronoUnit.MICROS.between(Instant.EPOCH, start));
        this.ids = new SeededIds(seed);
    }

    /**
     * Lets time pass, on both clocks, and runs what falls due meanwhile, tasks scheduled by such tasks included.
     *
     * @param time not negative; zero runs nothing, since everything that was due has run
     * @throws RuntimeException the first failure of a task, after all of them have run
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(
                    "time does not go back: " + time + "; to set the wall clock back, use jumpWallClock");
        }
        timers.advance(time.toNanos());
    }

    /** Sets the wall clock forward, or back if the distance is negative. The monotonic clock and the timers stay. */
    public void jumpWallClock(Duration distance) {
        wallOffsetMicros.addAndGet(distance.toNanos() / 1000);
    }

    /** How many delayed tasks are waiting. A test that ends with some of them has found a leak. */
    public int pendingTimers() {
        return timers.pending();
    }

    /** How long to {@link #advance} until the next timer runs; empty if none is waiting. */
    public Optional<Duration> untilNextTimer() {
        long nanos = timers.nanosUntilNext();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public long nowMicros() {
        return wallOffsetMicros.get() + timers.nowNanos() / 1000;
    }

    @Override
    public long monotonicNanos() {
        return timers.nowNanos();
    }

    @Override
    public Scheduler timers() {
        return timers;
    }

    @Override
    public WriteId newWriteId() {
        return WriteId.of(newUuid());
    }

    @Override
    public UUID newUuid() {
        return ids.uuidAt(Math.floorDiv(nowMicros(), 1000L));
    }

    @Override
    public long randomLong() {
        return ids.randomLong();
    }

    /** From the seed like everything else: secret from nobody who knows it. */
    @Override
    public long secretLong() {
        return ids.secretLong();
    }
}
