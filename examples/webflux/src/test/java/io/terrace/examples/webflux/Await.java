// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/** Waits on the test's thread, and not for ever. */
final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(3);

    private Await() {}

    static <T> T value(Mono<T> call) {
        return Objects.requireNonNull(call.block(PATIENCE), "completed empty, but a value was expected");
    }

    static void done(Mono<?> call) {
        call.block(PATIENCE);
    }

    /** Waits until something happens. */
    static void until(String what, BooleanSupplier happened) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain until %s", what).isLessThan(end);
            Mono.delay(GLANCE).block();
        }
    }
}
