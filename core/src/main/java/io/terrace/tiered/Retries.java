// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Determinacy;
import io.terrace.TerraceException;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Repeats a step that may be repeated freely (a read, a delete, a write to the log), a bounded number of times, and as long as
 * the budget of its tier lasts: while the tier is down, all steps together cost hardly more than without repetitions.
 */
final class Retries {

    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MICROS = 10_000;

    private final TerraceRuntime runtime;
    private final RetryBudget budget = new RetryBudget();

    Retries(TerraceRuntime runtime) {
        this.runtime = runtime;
    }

    <T> Mono<T> of(Mono<T> step) {
        return Mono.defer(() -> {
            budget.earn();
            return attempt(step, 1);
        });
    }

    /** A step is made that a loop repeats in its own way: it earns, too, or traffic of such steps would drain the budget. */
    void begin() {
        budget.earn();
    }

    /** Whether one more repetition is in the budget; takes it. For loops that repeat steps in their own way. */
    boolean mayRepeat() {
        return budget.spend();
    }

    private <T> Mono<T> attempt(Mono<T> step, int number) {
        return step.onErrorResume(error -> number < ATTEMPTS && mayPass(error) && budget.spend(), error -> pause(number)
                .then(Mono.defer(() -> attempt(step, number + 1))));
    }

    /** Waits longer each time, with jitter, so that those who collided do not collide again. */
    Mono<Void> pause(int attempt) {
        long most = FIRST_PAUSE_MICROS << Math.min(attempt - 1, 8);
        long micros = most / 2 + Math.floorMod(runtime.randomLong(), most / 2);
        return Mono.delay(Duration.ofNanos(micros * 1000), runtime.timers()).then();
    }

    /** Whether the same step may succeed if it is simply repeated. */
    static boolean mayPass(Throwable error) {
        return error instanceof TerraceException known
                && (known.retryable() || known.determinacy() == Determinacy.UNKNOWN);
    }
}
