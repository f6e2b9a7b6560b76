// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A value as somebody gave it, not yet read.
 *
 * @param place the key at which it was given; empty if it was given by a call
 * @param text the value
 * @param hidden whether it may be a secret whatever its option says, as one from the environment may
 * @param directory what it is relative to if it is a relative path
 */
public record ConfigValue(String place, String text, boolean hidden, Path directory) {

    private static final Path WORKING_DIRECTORY = Path.of("");

    /** Given by a call. */
    public static ConfigValue of(Object value) {
        return of("", value);
    }

    /** Given there, and nothing to hide. */
    public static ConfigValue of(String place, Object value) {
        String text = value instanceof Duration duration ? Durations.format(duration) : String.valueOf(value);
        return new ConfigValue(place, text, false, WORKING_DIRECTORY);
    }

    /** The place alone: without its option nobody knows whether the value is a secret. */
    @Override
    public String toString() {
        return place + "=***";
    }
}
