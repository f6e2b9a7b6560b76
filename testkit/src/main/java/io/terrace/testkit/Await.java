// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/** Waits for an answer on the test's thread, and not for ever: a backend that never answers fails the test. */
final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(3);
    private static final int GLANCES = 4;

    private Await() {}

    static <T> T value(Mono<T> call) {
        return Objects.requireNonNull(call.block(PATIENCE), "completed empty, but a value was expected");
    }

    static <T> Optional<T> optional(Mono<T> call) {
        return call.blockOptional(PATIENCE);
    }

    static void done(Publisher<?> call) {
        Flux.from(call).then().block(PATIENCE);
    }

    static <T> List<T> all(Flux<T> stream) {
        return value(stream.collectList());
    }

    /** The error of a call that must fail. */
    static Throwable error(Publisher<?> call) {
        Throwable error = ended(call).getThrowable();
        assertThat(error).as("the call must fail, but it completed").isNotNull();
        return Objects.requireNonNull(error);
    }

    /** How a call ended, its values left aside. */
    static Signal<Void> ended(Publisher<?> call) {
        return value(Flux.from(call).then().materialize());
    }

    /** Waits until something happens. */
    static void until(String what, BooleanSupplier happened) {
        until(what, PATIENCE, happened);
    }

    static void until(String what, Duration patience, BooleanSupplier happened) {
        long end = System.nanoTime() + patience.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain until %s", what).isLessThan(end);
            glance();
        }
    }

    /** Looks several times over a short while, for what must never happen. */
    static void remains(Runnable check) {
        for (int i = 0; i < GLANCES; i++) {
            check.run();
            glance();
        }
        check.run();
    }

    /** The same, as long as that. */
    static void remains(Duration time, Runnable check) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            check.run();
            glance();
        }
        check.run();
    }

    private static void glance() {
        Mono.delay(GLANCE).block();
    }
}
