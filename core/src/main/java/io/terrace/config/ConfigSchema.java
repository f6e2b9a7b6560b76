// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.List;
import java.util.Optional;

/**
 * The options of one backend, or of a store, in the order in which a person should read about them.
 *
 * @param options the options, names unique
 */
public record ConfigSchema(List<Option<?>> options) {

    public ConfigSchema {
        options = List.copyOf(options);
        if (options.stream().map(Option::name).distinct().count() != options.size()) {
            throw new IllegalArgumentException("two options have one name: " + options);
        }
    }

    /** The schema of these options, in this order. */
    public static ConfigSchema of(Option<?>... options) {
        return new ConfigSchema(List.of(options));
    }

    /** The names, in the same order. */
    public List<String> names() {
        return options.stream().<String>map(Option::name).toList();
    }

    /** The option of this name; empty if there is none. */
    public Optional<Option<?>> find(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    /** The name that a misspelt one most likely stands for. */
    Optional<String> suggestionFor(String wrong) {
        return Suggestions.nearest(wrong, names());
    }
}
