// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A section of a nested configuration, as a parser of YAML or JSON yields it: keys with values, which are text, numbers,
 * truth values or sections again. Knows where it is, so that each problem names its key.
 */
public final class ConfigTree {

    private final String place;
    private final Map<String, Object> entries;
    private final @Nullable Variables variables;
    private final Path directory;
    private final ConfigProblems found;

    private ConfigTree(
            String place, Map<?, ?> entries, @Nullable Variables variables, Path directory, ConfigProblems found) {
        this.place = place;
        this.entries = new LinkedHashMap<>();
        entries.forEach((key, value) -> this.entries.put(String.valueOf(key), value));
        this.variables = variables;
        this.directory = directory;
        this.found = found;
    }

    /**
     * A whole configuration.
     *
     * @param place what the places of problems begin with; may be empty
     */
    public static ConfigTree of(String place, Map<String, ?> entries) {
        return new ConfigTree(place, entries, null, Path.of(""), new ConfigProblems());
    }

    /**
     * The same one, with <code>${NAME}</code> in values standing for a variable, <code>${NAME:-text}</code> for it or, if it is
     * unset or empty, the text, and <code>$${</code> for <code>${</code>. What comes from a variable is not shown in any error.
     *
     * @param lookup {@code null} for a variable that is not set
     */
    public ConfigTree withVariables(Function<String, @Nullable String> lookup) {
        return new ConfigTree(place, entries, new Variables(lookup), directory, found);
    }

    /** The same one, with relative paths in it relative to that directory. */
    public ConfigTree relativeTo(Path base) {
        return new ConfigTree(place, entries, variables, base, found);
    }

    /** The same one, with what its reader found wrong with it, to be reported with everything else. */
    public ConfigTree withProblems(ConfigProblems problems) {
        return new ConfigTree(place, entries, variables, directory, problems);
    }

    /** What its reader found wrong with the whole document. */
    public ConfigProblems problems() {
        return found;
    }

    /** Its keys, in the order of the document. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Where it is; empty for a whole configuration without a name. */
    public String place() {
        return place;
    }

    /** Where the value of a key of it is. */
    public String place(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    /** Whether the key has a section; false if there is no such key. */
    public boolean isSection(String key) {
        return entries.get(key) instanceof Map;
    }

    /** Reports each key that is not among these, with a suggestion. */
    public void refuseOthers(Collection<String> known, ConfigProblems problems) {
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                problems.add(place(key), "unknown key '" + key + "'" + Suggestions.sentence(key, known));
            }
        }
    }

    /** The section of a key; {@code null} if there is no such key, or if it has no section, which is a problem. */
    public @Nullable ConfigTree section(String key, ConfigProblems problems) {
        Object entry = entries.get(key);
        if (entry instanceof Map<?, ?> section) {
            return new ConfigTree(place(key), section, variables, directory, found);
        }
        if (entries.containsKey(key)) {
            problems.add(place(key), "is " + describe(entry) + ", but must be a section of keys and values");
        }
        return null;
    }

    /** The value of a key; {@code null} if there is no such key, or if it has no single value, which is a problem. */
    public @Nullable ConfigValue value(String key, ConfigProblems problems) {
        Object entry = entries.get(key);
        if (entry instanceof Map || entry instanceof Collection || (entry == null && entries.containsKey(key))) {
            problems.add(place(key), "is " + describe(entry) + ", but must be a single value");
            return null;
        }
        if (entry == null) {
            return null;
        }
        ConfigValue plain = ConfigValue.of(place(key), entry);
        if (variables == null) {
            return new ConfigValue(plain.place(), plain.text(), false, directory);
        }
        Variables.Expanded expanded = variables.expand(plain.place(), plain.text(), problems);
        return expanded == null
                ? null
                : new ConfigValue(plain.place(), expanded.text(), expanded.replaced(), directory);
    }

    /** The values of all keys, by key; without those that have no single value, which is a problem. */
    public Map<String, ConfigValue> values(ConfigProblems problems) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        for (String key : entries.keySet()) {
            ConfigValue value = value(key, problems);
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    /** Without what it holds, which may be a secret. */
    private static String describe(@Nullable Object entry) {
        if (entry instanceof Map) {
            return "a section";
        }
        if (entry instanceof List) {
            return "a list";
        }
        return entry == null ? "empty" : "a single value";
    }

    /** Its place and its keys; no values, which may be secrets. */
    @Override
    public String toString() {
        return place + entries.keySet();
    }
}
