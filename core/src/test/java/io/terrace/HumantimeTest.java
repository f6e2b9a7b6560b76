// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HumantimeTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT1S, 1s",
        "PT59S, 59s",
        "PT1M, 1m",
        "PT2M, 2m",
        "PT1H, 1h",
        "PT2H, 2h",
        "PT24H, 1day",
        "PT48H, 2days",
        "P7D, 7days",
        "P30D, 30days",
        "P31D, 1month 13h 26m 24s",
        "PT2630015S, 30days 10h 33m 35s",
        "PT2630016S, 1month",
        "PT5260032S, 2months",
        "PT31557599S, 11months 30days 9h 50m 23s",
        "PT31557600S, 1year",
        "PT63115200S, 2years",
        "PT0.001S, 1ms",
        "PT0.000001S, 1us",
        "PT0.000000001S, 1ns",
        "PT1.234567891S, 1s 234ms 567us 891ns",
        "PT34277677.000000001S, 1year 1month 1day 1h 1m 1s 1ns",
    })
    void durationsAreWrittenExactly(Duration duration, String text) {
        assertThat(Humantime.format(duration)).isEqualTo(text);
        assertThat(Humantime.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "5ns, PT0.000000005S",
        "5nsec, PT0.000000005S",
        "5us, PT0.000005S",
        "5usec, PT0.000005S",
        "5ms, PT0.005S",
        "5msec, PT0.005S",
        "5s, PT5S",
        "5sec, PT5S",
        "5second, PT5S",
        "5seconds, PT5S",
        "5m, PT5M",
        "5min, PT5M",
        "5minute, PT5M",
        "5minutes, PT5M",
        "5h, PT5H",
        "5hr, PT5H",
        "5hour, PT5H",
        "5hours, PT5H",
        "5d, P5D",
        "5day, P5D",
        "5days, P5D",
        "5w, P35D",
        "5week, P35D",
        "5weeks, P35D",
        "5M, PT13150080S",
        "5month, PT13150080S",
        "5months, PT13150080S",
        "5y, PT157788000S",
        "5year, PT157788000S",
        "5years, PT157788000S",
    })
    void everyNameOfEveryUnitIsRead(String text, Duration duration) {
        assertThat(Humantime.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "1h30m, PT1H30M",
        "1h 30m, PT1H30M",
        "' 1 h  30 m ', PT1H30M",
        "30m 1h, PT1H30M",
        "1m 1m, PT2M",
        "90s, PT1M30S",
        "0s, PT0S",
        "0000000001s, PT1S",
        "1500ms, PT1.5S",
    })
    void spacesOrderAndRepetitionAreFree(String text, Duration duration) {
        assertThat(Humantime.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "s",
                "5 ",
                "-5s",
                "+5s",
                "5.5s",
                "5S",
                "5H",
                "5D",
                "5MS",
                "5mo",
                "5mon",
                "5x",
                "5s5",
                "5s,5m",
                "1e3s",
                "٥s",
                "5ｓ",
                "1 0s",
                "5\ts",
                "P1D",
                "inf",
                "9223372036854775808s",
                "99999999999999999999999999999999s"
            })
    void anythingElseIsRefused(String text) {
        assertThat(Humantime.parse(text)).isEmpty();
    }

    @Test
    void theLongestDurationIsReadAndWritten() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        assertThat(Humantime.parse(Humantime.format(longest))).contains(longest);
        assertThat(Humantime.parse(Humantime.format(longest) + " 1ns")).isEmpty();
    }

    @Test
    void everyDurationIsReadBack() {
        Seeded.cases(20_000, random -> {
            Duration duration = anyDuration(random);
            assertThat(Humantime.parse(Humantime.format(duration))).contains(duration);
        });
    }

    static Duration anyDuration(Random random) {
        // All magnitudes alike, from nanoseconds to ages.
        long seconds = random.nextLong() >>> (1 + random.nextInt(63));
        return Duration.ofSeconds(seconds, random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000));
    }
}
