// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The text form of durations in expiration policies, for example {@code 1month 13h 26m 24s}. */
final class Humantime {
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger MAX_SECONDS = BigInteger.valueOf(Long.MAX_VALUE);

    /** Longer numbers overflow anyway; the cap keeps hostile input from costing time. */
    private static final int MAX_DIGITS = 30;

    private record Unit(List<String> names, boolean plural, long seconds, long nanos) {
        String label(long amount) {
            return plural && amount > 1 ? names.get(0) + "s" : names.get(0);
        }

        BigInteger inNanos() {
            return BigInteger.valueOf(seconds).multiply(NANOS_PER_SECOND).add(BigInteger.valueOf(nanos));
        }
    }

    /** From the largest to the smallest. The first name is the one that is written. */
    private static final List<Unit> WRITTEN = List.of(
            new Unit(List.of("year", "years", "y"), true, 31_557_600, 0),
            new Unit(List.of("month", "months", "M"), true, 2_630_016, 0),
            new Unit(List.of("day", "days", "d"), true, 86_400, 0),
            new Unit(List.of("h", "hr", "hour", "hours"), false, 3_600, 0),
            new Unit(List.of("m", "min", "minute", "minutes"), false, 60, 0),
            new Unit(List.of("s", "sec", "second", "seconds"), false, 1, 0),
            new Unit(List.of("ms", "msec"), false, 0, 1_000_000),
            new Unit(List.of("us", "usec"), false, 0, 1_000),
            new Unit(List.of("ns", "nsec"), false, 0, 1));

    private static final Unit WEEK = new Unit(List.of("week", "weeks", "w"), true, 604_800, 0);

    private Humantime() {}

    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder out = new StringBuilder();
        long seconds = duration.getSeconds();
        long nanos = duration.getNano();
        for (Unit unit : WRITTEN) {
            long amount;
            if (unit.seconds() > 0) {
                amount = seconds / unit.seconds();
                seconds %= unit.seconds();
            } else {
                amount = nanos / unit.nanos();
                nanos %= unit.nanos();
            }
            if (amount > 0) {
                out.append(out.length() > 0 ? " " : "").append(amount).append(unit.label(amount));
            }
        }
        return out.toString();
    }

    /** Empty if the text is not a duration, or is one that does not fit. */
    static Optional<Duration> parse(String text) {
        BigInteger total = BigInteger.ZERO;
        int at = skipSpaces(text, 0);
        if (at == text.length()) {
            return Optional.empty();
        }
        while (at < text.length()) {
            int digits = at;
            while (at < text.length() && Texts.isAsciiDigit(text.charAt(at))) {
                at++;
            }
            if (at == digits || at - digits > MAX_DIGITS) {
                return Optional.empty();
            }
            BigInteger amount = new BigInteger(text.substring(digits, at));
            at = skipSpaces(text, at);
            int name = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            Optional<Unit> unit = unit(text.substring(name, at));
            if (unit.isEmpty()) {
                return Optional.empty();
            }
            total = total.add(amount.multiply(unit.get().inNanos()));
            at = skipSpaces(text, at);
        }
        BigInteger[] parts = total.divideAndRemainder(NANOS_PER_SECOND);
        return parts[0].compareTo(MAX_SECONDS) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact()));
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static Optional<Unit> unit(String name) {
        if (WEEK.names().contains(name)) {
            return Optional.of(WEEK);
        }
        return WRITTEN.stream().filter(u -> u.names().contains(name)).findFirst();
    }
}
