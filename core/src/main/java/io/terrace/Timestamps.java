// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Points in time as metadata holds them: from 1970 to the end of 9999, the span that every stored form can express. */
final class Timestamps {
    static final Instant MIN = Instant.EPOCH;
    static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern RFC3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private Timestamps() {}

    static boolean isValid(Instant time) {
        return !time.isBefore(MIN) && !time.isAfter(MAX);
    }

    /** With six fractional digits, which cuts off what is finer. */
    static String format(Instant time) {
        return MICROS.format(time);
    }

    /** Empty if the text is not a time, or is one outside the span. */
    static Optional<Instant> parse(String text) {
        if (!RFC3339.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from))
                    .filter(Timestamps::isValid);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static Instant truncate(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** The sum, or the end of the span: "in ten thousand years" is a legal policy, and must not fail each write. */
    static Instant plus(Instant time, Duration duration) {
        return duration.compareTo(Duration.between(time, MAX)) >= 0 ? MAX : time.plus(duration);
    }
}
