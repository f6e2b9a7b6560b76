// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/** Waits for what happens behind the back of a call. */
final class Eventually {

    private Eventually() {}

    static void holds(String what, BooleanSupplier condition) {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            Mono.delay(Duration.ofMillis(20)).block();
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}
