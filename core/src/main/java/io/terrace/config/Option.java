// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured.
 *
 * @param name in kebab case, as a person types it
 * @param type what values look like, for the reference, such as {@code duration}
 * @param doc one sentence for the reference
 * @param parser reads the text of a value; throws {@link IllegalArgumentException} with what it expects
 * @param defaultText the value when none is given; {@code null} if one must be given
 * @param sensitive whether the value is a secret that must appear nowhere
 */
public record Option<T>(
        String name,
        String type,
        String doc,
        Function<String, T> parser,
        @Nullable String defaultText,
        boolean sensitive) {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,30})?([eE]-?\\d{1,3})?");

    public Option {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(parser, "parser");
    }

    /** An option whose values are text. */
    public Option(
            String name, String doc, Function<String, T> parser, @Nullable String defaultText, boolean sensitive) {
        this(name, "text", doc, parser, defaultText, sensitive);
    }

    /** A path, which must be given. A relative one in a file is relative to the directory of that file. */
    public static Option<Path> path(String name, String doc) {
        return new Option<>(name, "path", doc, Path::of, null, false);
    }

    /** A whole number, at least {@code least}. */
    public static Option<Integer> integer(String name, int defaultValue, int least, String doc) {
        return new Option<>(
                name,
                "whole number of at least " + least,
                doc,
                text -> integerOf(text, least),
                String.valueOf(defaultValue),
                false);
    }

    /** A number of bytes, such as {@code 8MiB} or {@code 4096}. */
    public static Option<Long> size(String name, long defaultBytes, String doc) {
        return new Option<>(name, "size", doc, Sizes::parse, Sizes.format(defaultBytes), false);
    }

    /** A number that need not be whole. */
    public static Option<Double> number(String name, double defaultValue, String doc) {
        return new Option<>(name, "number", doc, Option::numberOf, String.valueOf(defaultValue), false);
    }

    /** A span of time, such as {@code 30s}. */
    public static Option<Duration> duration(String name, Duration defaultValue, String doc) {
        return new Option<>(name, "duration", doc, Durations::parse, Durations.format(defaultValue), false);
    }

    /** {@code true} or {@code false}. */
    public static Option<Boolean> flag(String name, boolean defaultValue, String doc) {
        return new Option<>(name, "`true` or `false`", doc, Option::flagOf, String.valueOf(defaultValue), false);
    }

    /** Any text, taken as it is. */
    public static Option<String> text(String name, String defaultValue, String doc) {
        return new Option<>(name, doc, Function.identity(), defaultValue, false);
    }

    /** A text that is shown nowhere and not taken from a URL, and that must be given. */
    public static Option<String> secret(String name, String doc) {
        return new Option<>(name, doc, Function.identity(), null, true);
    }

    /** The same option with fewer values: {@code condition} continues "must be". */
    public Option<T> where(Predicate<? super T> holds, String condition) {
        Function<String, T> narrower = text -> {
            T value = parser.apply(text);
            if (!holds.test(value)) {
                throw new IllegalArgumentException("must be " + condition);
            }
            return value;
        };
        return new Option<>(name, type + ", " + condition, doc, narrower, defaultText, sensitive);
    }

    /** The same option with one more value: a word that stands for it. */
    public Option<T> or(String word, T meaning) {
        Function<String, T> wider = text -> text.trim().equals(word) ? meaning : elseParse(text, word);
        return new Option<>(name, type + ", or `" + word + "`", doc, wider, defaultText, sensitive);
    }

    /** The same option with nothing as its default, which can also be given as the word. */
    public Option<Optional<T>> optional(String word) {
        Function<String, Optional<T>> wider =
                text -> text.trim().equals(word) ? Optional.empty() : Optional.of(elseParse(text, word));
        return new Option<>(name, type + ", or `" + word + "`", doc, wider, word, sensitive);
    }

    private T elseParse(String text, String word) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage() + ", or '" + word + "'", unreadable);
        }
    }

    /** Whether a value must be given, because there is no default. */
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

    /** Not all that {@link Double#parseDouble} reads: NaN and infinity pass comparisons that nobody wrote for them. */
    private static Double numberOf(String text) {
        if (!NUMBER.matcher(text.trim()).matches()) {
            throw new IllegalArgumentException("expected a number such as 0.5");
        }
        return Double.valueOf(text.trim());
    }

    private static Boolean flagOf(String text) {
        return switch (text.trim()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected 'true' or 'false'");
        };
    }
}
