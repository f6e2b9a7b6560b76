// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2023-11-14T22:13:20Z, 2023-11-14T22:13:20.000000Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000000Z",
        "2023-11-14T22:13:20.000001Z, 2023-11-14T22:13:20.000001Z",
        "2023-11-14T22:13:20.123456789Z, 2023-11-14T22:13:20.123456Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z",
    })
    void timesAreWrittenWithSixFractionalDigits(Instant time, String text) {
        assertThat(Timestamps.format(time)).isEqualTo(text);
        assertThat(Timestamps.parse(text)).contains(Timestamps.truncate(time));
    }

    @ParameterizedTest
    @CsvSource({
        "2023-11-14T22:13:20Z, 2023-11-14T22:13:20Z",
        "2023-11-14t22:13:20z, 2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.5Z, 2023-11-14T22:13:20.500Z",
        "2023-11-14T22:13:20.123456789Z, 2023-11-14T22:13:20.123456789Z",
        "2023-11-14T22:13:20+01:30, 2023-11-14T20:43:20Z",
        "2023-11-14T22:13:20-00:00, 2023-11-14T22:13:20Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    })
    void timesAreReadInAnyFormOfRfc3339(String text, Instant time) {
        assertThat(Timestamps.parse(text)).contains(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2023-11-14",
                "2023-11-14 22:13:20Z",
                "2023-11-14T22:13:20",
                "2023-11-14T22:13Z",
                "2023-02-29T00:00:00Z",
                "2023-13-01T00:00:00Z",
                "2023-11-14T25:00:00Z",
                "2023-11-14T22:13:20.Z",
                "2023-11-14T22:13:20.1234567890Z",
                "+12023-11-14T22:13:20Z",
                "1969-12-31T23:59:59Z",
                "9999-12-31T23:59:59-01:00",
                "1700000000",
                "2023-11-14T22:13:20Z[UTC]",
                "٢٠٢٣-11-14T22:13:20Z"
            })
    void anythingElseIsNoTime(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @Test
    void addingStopsAtTheEndOfTheSpan() {
        Instant now = Instant.parse("2023-11-14T22:13:20Z");
        assertThat(Timestamps.plus(now, Duration.ofSeconds(1))).isEqualTo("2023-11-14T22:13:21Z");
        assertThat(Timestamps.plus(now, Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Timestamps.MAX);
        Duration rest = Duration.between(now, Timestamps.MAX);
        assertThat(Timestamps.plus(now, rest)).isEqualTo(Timestamps.MAX);
        assertThat(Timestamps.plus(now, rest.minusNanos(1))).isEqualTo(Timestamps.MAX.minusNanos(1));
        assertThat(Timestamps.plus(now, rest.plusNanos(1))).isEqualTo(Timestamps.MAX);
    }
}
