// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Repeats a step that may be repeated freely (a read, a delete, a write to the log, the identical conditional request), a
 * bounded number of times, and as long as its budget lasts: while a store is down, all steps together cost hardly more than
 * without repetitions. One instance for each store that can be down by itself.
 *
 * <p>The engine repeats reads, deletes, listings and writes to the log, and reads on when a body breaks. A backend repeats
 * only what nobody else can: a part of an upload that is under way, or a conditional request whose answer was lost.
 * Thread-safe; nothing blocks.
 */
public final class Retries {

    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MICROS = 10_000;

    private final TerraceRuntime runtime;
    private final RetryBudget budget = new RetryBudget();

    /** A full budget of its own. */
    public Retries(TerraceRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The step, repeated with growing pauses while its error is one that {@linkplain #mayPass may pass}: four attempts at most.
     * Absent: as the step. On cancel: the attempt under way is cancelled, and none follows. On error: the last attempt's.
     *
     * @param step subscribed to once for each attempt
     */
    public <T> Mono<T> of(Mono<T> step) {
        return Mono.defer(() -> {
            budget.earn();
            return attempt(step, 1);
        });
    }

    /** A step is made that a loop repeats in its own way: it earns, too, or traffic of such steps would drain the budget. */
    public void begin() {
        budget.earn();
    }

    /** Whether one more repetition is in the budget; takes it. For loops that repeat steps in their own way. */
    public boolean mayRepeat() {
        return budget.spend();
    }

    private <T> Mono<T> attempt(Mono<T> step, int number) {
        return step.onErrorResume(error -> number < ATTEMPTS && mayPass(error) && budget.spend(), error -> pause(number)
                .then(Mono.defer(() -> attempt(step, number + 1))));
    }

    /**
     * Waits longer each time, with jitter, so that those who collided do not collide again: 5 to 10 ms after the first attempt,
     * 1.3 to 2.6 s from the ninth on.
     *
     * @param attempt the number of the attempt that failed, from 1
     */
    public Mono<Void> pause(int attempt) {
        long most = FIRST_PAUSE_MICROS << Math.min(attempt - 1, 8);
        long micros = most / 2 + Math.floorMod(runtime.randomLong(), most / 2);
        return Mono.delay(Duration.ofNanos(micros * 1000), runtime.timers()).then();
    }

    /** Whether the same step may succeed if it is simply repeated. */
    public static boolean mayPass(Throwable error) {
        return error instanceof TerraceException known
                && (known.retryable() || known.determinacy() == Determinacy.UNKNOWN);
    }
}
