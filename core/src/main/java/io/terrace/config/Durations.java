// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 25h}, {@code 7d}, or ISO 8601. */
final class Durations {

    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

    /** Fifteen digits of milliseconds, as many as are read; anything longer is written in ISO 8601. */
    private static final long MAX_SIMPLE_SECONDS = 999_999_999_999L;

    private record Unit(String symbol, long millis) {}

    private static final List<Unit> UNITS = List.of(
            new Unit("d", 86_400_000L),
            new Unit("h", 3_600_000L),
            new Unit("m", 60_000L),
            new Unit("s", 1000L),
            new Unit("ms", 1L));

    private Durations() {}

    static Duration parse(String text) {
        String trimmed = text.trim();
        Matcher simple = SIMPLE.matcher(trimmed);
        try {
            if (simple.matches()) {
                long count = Long.parseLong(simple.group(1));
                return Duration.ofMillis(Math.multiplyExact(count, millisOf(simple.group(2))));
            }
            Duration iso = Duration.parse(trimmed);
            if (!iso.isNegative()) {
                return iso;
            }
        } catch (RuntimeException unreadable) {
            throw new IllegalArgumentException(expectation(), unreadable);
        }
        throw new IllegalArgumentException(expectation());
    }

    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0ms";
        }
        if (duration.isNegative()
                || duration.toNanosPart() % 1_000_000 != 0
                || duration.toSeconds() > MAX_SIMPLE_SECONDS) {
            return duration.toString();
        }
        long millis = duration.toMillis();
        return UNITS.stream()
                .filter(unit -> millis % unit.millis() == 0)
                .findFirst()
                .map(unit -> millis / unit.millis() + unit.symbol())
                .orElseThrow();
    }

    private static long millisOf(String symbol) {
        return UNITS.stream()
                .filter(u -> u.symbol().equals(symbol))
                .findFirst()
                .orElseThrow()
                .millis();
    }

    private static String expectation() {
        return "expected a duration such as 500ms, 30s, 5m, 25h, 7d or PT30S";
    }
}
