// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 4096}, {@code 512KiB}, {@code 8MiB}, {@code 2GiB}. */
final class Sizes {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,19})\\s*(B|KiB|MiB|GiB|TiB)?");

    private record Unit(String symbol, int shift) {
        long bytes() {
            return 1L << shift;
        }
    }

    private static final List<Unit> UNITS =
            List.of(new Unit("TiB", 40), new Unit("GiB", 30), new Unit("MiB", 20), new Unit("KiB", 10));

    private Sizes() {}

    static Long parse(String text) {
        Matcher size = SIZE.matcher(text.trim());
        try {
            if (size.matches()) {
                return Math.multiplyExact(Long.parseLong(size.group(1)), unitOf(String.valueOf(size.group(2))));
            }
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new IllegalArgumentException("is more bytes than there can be", tooLarge);
        }
        throw new IllegalArgumentException("expected a number of bytes such as 4096, 512KiB, 8MiB or 2GiB");
    }

    /** In the largest unit of which it is a whole number. */
    static String format(long bytes) {
        return UNITS.stream()
                .filter(unit -> bytes != 0 && bytes % unit.bytes() == 0)
                .findFirst()
                .map(unit -> bytes / unit.bytes() + unit.symbol())
                .orElse(String.valueOf(bytes));
    }

    private static long unitOf(String symbol) {
        return UNITS.stream()
                .filter(unit -> unit.symbol().equals(symbol))
                .findFirst()
                .map(Unit::bytes)
                .orElse(1L);
    }
}
