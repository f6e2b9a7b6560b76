// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

class CallOptionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aContextThatSaysNothingHasTheDefaults() {
        CallOptions options = CallOptions.of(Context.of("something", "else"));
        assertThat(options.timeout()).isEmpty();
        assertThat(options.isBulk()).isFalse();
        assertThat(options).hasToString("not bulk");
    }

    @Test
    void optionsAddUpAndTheNearerOneHolds() {
        CallOptions options = Objects.requireNonNull(Mono.deferContextual(context -> Mono.just(CallOptions.of(context)))
                .contextWrite(CallOptions.within(SECOND))
                .contextWrite(CallOptions.asBulk())
                .contextWrite(CallOptions.within(SECOND.multipliedBy(9)))
                .block());
        assertThat(options.timeout()).contains(SECOND);
        assertThat(options.isBulk()).isTrue();
        assertThat(options).hasToString("bulk, within PT1S");
    }

    @Test
    void aTimeoutThatIsNoneIsRefused() {
        for (Duration wrong : List.of(Duration.ZERO, SECOND.negated(), CallOptions.LONGEST.plusNanos(1))) {
            assertThatThrownBy(() -> CallOptions.within(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The timeout is " + wrong + ", but must be longer than zero and at most PT24H.");
        }
    }
}
