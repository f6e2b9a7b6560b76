// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import io.terrace.ConfigurationException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Values for the options of a {@link ConfigSchema}: complete, parsed, and free of anything that is not in it. Most often
 * those of a backend; those of a store are made in the same way.
 */
public final class BackendConfig {

    private final ConfigSchema schema;
    private final Map<String, Object> values;

    private BackendConfig(ConfigSchema schema, Map<String, Object> values) {
        this.schema = schema;
        this.values = values;
    }

    /**
     * Checks and parses.
     *
     * @param what whose options these are, for the error message
     * @throws ConfigurationException with every problem there is, not only the first
     */
    public static BackendConfig of(String what, ConfigSchema schema, Map<String, String> texts) {
        Map<String, ConfigValue> given = new HashMap<>();
        texts.forEach((name, text) -> given.put(name, ConfigValue.of(text)));
        ConfigProblems problems = new ConfigProblems();
        BackendConfig config = read(schema, given, "", problems);
        if (!problems.isEmpty()) {
            String all = String.join("; ", problems.texts());
            throw new ConfigurationException("The configuration of " + what + " has "
                    + (problems.size() == 1 ? "a problem: " : problems.size() + " problems: ")
                    + all + (all.endsWith(".") ? "" : ".") + " Known options: "
                    + String.join(", ", schema.names()) + ".");
        }
        return config;
    }

    /**
     * Checks and parses.
     *
     * @param place where the options are, for what is missing
     * @param problems gets every problem there is
     * @return what could be read, for checks of several options together; if there was a problem, of no other use
     */
    public static BackendConfig read(
            ConfigSchema schema, Map<String, ConfigValue> given, String place, ConfigProblems problems) {
        new TreeMap<>(given).forEach((name, value) -> {
            if (schema.find(name).isEmpty()) {
                problems.add(
                        value.place(), "unknown option '" + name + "'" + Suggestions.sentence(name, schema.names()));
            }
        });
        Map<String, Object> values = new HashMap<>();
        for (Option<?> option : schema.options()) {
            String defaultText = option.defaultText();
            ConfigValue value = given.get(option.name());
            if (value == null && defaultText == null) {
                problems.add(place, "option '" + option.name() + "' is missing: " + option.doc());
                continue;
            }
            ConfigValue chosen = value == null ? ConfigValue.of(place, String.valueOf(defaultText)) : value;
            try {
                Object parsed = option.parser().apply(chosen.text());
                values.put(
                        option.name(),
                        parsed instanceof Path path ? chosen.directory().resolve(path) : parsed);
            } catch (RuntimeException unreadable) {
                problems.add(chosen.place(), "option '" + option.name() + "' " + describe(option, chosen, unreadable));
            }
        }
        return new BackendConfig(schema, values);
    }

    /** A parser's message may quote the value, so that of a secret is passed on only if it does not. */
    private static String describe(Option<?> option, ConfigValue value, RuntimeException unreadable) {
        String why = String.valueOf(unreadable.getMessage());
        if (!option.sensitive() && !value.hidden()) {
            return "is '" + value.text() + "': " + why;
        }
        String whatItIs = option.sensitive() ? "is a secret and not shown" : "comes from a variable and is not shown";
        return why.contains(value.text().trim()) ? "cannot be read; its value " + whatItIs : "cannot be read: " + why;
    }

    /** The value of an option of the schema, its default included. */
    public <T> T get(Option<T> option) {
        return find(option)
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + option.name() + "' is not an option of this schema"));
    }

    /** Likewise; empty if there was a problem with it. */
    @SuppressWarnings("unchecked") // the value under an option's name was made by that option's parser
    public <T> Optional<T> find(Option<T> option) {
        return Optional.ofNullable((T) values.get(option.name()));
    }

    /** The options and their values; secrets as {@code ***}. */
    @Override
    public String toString() {
        return schema.options().stream()
                .map(option -> option.name() + "=" + (option.sensitive() ? "***" : values.get(option.name())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
