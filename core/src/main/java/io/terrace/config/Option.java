// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured.
 *
 * @param name in kebab case, as a person types it
 * @param doc one sentence for the reference
 * @param parser reads the text of a value; throws {@link IllegalArgumentException} with what it expects
 * @param defaultText the value when none is given; {@code null} if one must be given
 * @param sensitive whether the value is a secret that must appear nowhere
 */
public record Option<T>(
        String name,
        String doc,
        Function<String, T> parser,
        @Nullable String defaultText,
        boolean sensitive) {

    public Option {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(parser, "parser");
    }

    public static Option<Path> path(String name, String doc) {
        return new Option<>(name, doc, Path::of, null, false);
    }

    public static Option<Integer> integer(String name, int defaultValue, int least, String doc) {
        return new Option<>(name, doc, text -> integerOf(text, least), String.valueOf(defaultValue), false);
    }

    public static Option<Duration> duration(String name, Duration defaultValue, String doc) {
        return new Option<>(name, doc, Durations::parse, Durations.format(defaultValue), false);
    }

    public static Option<Boolean> flag(String name, boolean defaultValue, String doc) {
        return new Option<>(name, doc, Option::flagOf, String.valueOf(defaultValue), false);
    }

    public static Option<String> text(String name, String defaultValue, String doc) {
        return new Option<>(name, doc, Function.identity(), defaultValue, false);
    }

    public boolean isRequired() {
        return defaultText == null;
    }

    /** The name alone: a default may be a secret too. */
    @Override
    public String toString() {
        return name;
    }

    private static Integer integerOf(String text, int least) {
        int value;
        try {
            value = Integer.parseInt(text.trim());
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("expected a whole number", notANumber);
        }
        if (value < least) {
            throw new IllegalArgumentException("expected a whole number of at least " + least);
        }
        return value;
    }

    private static Boolean flagOf(String text) {
        return switch (text.trim()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected 'true' or 'false'");
        };
    }
}
