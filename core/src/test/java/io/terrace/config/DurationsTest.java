// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.Seeded;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0s, PT0S",
        "500ms, PT0.5S",
        "30s, PT30S",
        "' 30 s ', PT30S",
        "5m, PT5M",
        "25h, PT25H",
        "7d, P7D",
        "PT30S, PT30S",
        "pt0.5s, PT0.5S",
        "P2D, P2D",
        "999999999999999ms, PT999999999999.999S"
    })
    void durationsAreReadAsPeopleWriteThem(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "-5s",
                "+5s",
                "5 years",
                "1.5s",
                "5S",
                "5us",
                "1h30m",
                "-PT5S",
                "PT-5S",
                "P1Y",
                "1000000000000000s",
                "999999999999999d"
            })
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a duration such as 500ms, 30s, 5m, 25h, 7d or PT30S");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.5S, 500ms",
        "PT30S, 30s",
        "PT90S, 90s",
        "PT5M, 5m",
        "PT25H, 25h",
        "P7D, 7d",
        "PT0.0005S, PT0.0005S"
    })
    void theShortestWholeFormIsWritten(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
    }

    @Test
    void everyDurationIsReadBack() {
        Seeded.cases(5000, random -> {
            Duration duration = Duration.ofSeconds(
                    random.nextLong() >>> (1 + random.nextInt(63)),
                    new long[] {0, 1, 1_000_000, 999_999_999, 500_000_000}[random.nextInt(5)]);
            assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
        });
    }
}
