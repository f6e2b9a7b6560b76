// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import io.terrace.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Values for the options of a {@link ConfigSchema}: complete, parsed, and free of anything that is not in it. */
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
        List<String> problems = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        new TreeMap<>(texts)
                .keySet().stream()
                        .filter(name -> schema.find(name).isEmpty())
                        .forEach(name -> problems.add("unknown option '" + name + "'"
                                + schema.suggestionFor(name)
                                        .map(s -> "; did you mean '" + s + "'?")
                                        .orElse("")));
        for (Option<?> option : schema.options()) {
            String text = texts.getOrDefault(option.name(), option.defaultText());
            if (text == null) {
                problems.add("option '" + option.name() + "' is missing: " + option.doc());
                continue;
            }
            try {
                values.put(option.name(), option.parser().apply(text));
            } catch (RuntimeException unreadable) {
                problems.add("option '" + option.name() + "' " + describe(option, text, unreadable));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("The configuration of " + what + " has "
                    + (problems.size() == 1 ? "a problem: " : problems.size() + " problems: ")
                    + String.join("; ", problems) + ". Known options: "
                    + schema.options().stream().map(Option::name).collect(Collectors.joining(", ")) + ".");
        }
        return new BackendConfig(schema, values);
    }

    /** A parser's message may quote the value, so that of a secret is passed on only if it does not. */
    private static String describe(Option<?> option, String text, RuntimeException unreadable) {
        String why = String.valueOf(unreadable.getMessage());
        if (!option.sensitive()) {
            return "is '" + text + "': " + why;
        }
        return why.contains(text) ? "cannot be read; its value is a secret and not shown" : "cannot be read: " + why;
    }

    /** The value of an option of the schema, its default included. */
    @SuppressWarnings("unchecked") // the value under an option's name was made by that option's parser
    public <T> T get(Option<T> option) {
        Object value = values.get(option.name());
        if (value == null) {
            throw new IllegalArgumentException("'" + option.name() + "' is not an option of this schema");
        }
        return (T) value;
    }

    /** The options and their values; secrets as {@code ***}. */
    @Override
    public String toString() {
        return schema.options().stream()
                .map(option -> option.name() + "=" + (option.sensitive() ? "***" : values.get(option.name())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
