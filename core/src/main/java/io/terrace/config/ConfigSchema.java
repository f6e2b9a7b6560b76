// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.List;
import java.util.Optional;

/**
 * The options of one backend, in the order in which a person should read about them.
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

    public static ConfigSchema of(Option<?>... options) {
        return new ConfigSchema(List.of(options));
    }

    Optional<Option<?>> find(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    /** The name that a misspelt one most likely stands for. */
    Optional<String> suggestionFor(String wrong) {
        return options.stream()
                .map(Option::name)
                .min((a, b) -> Integer.compare(distance(wrong, a), distance(wrong, b)))
                .filter(name -> distance(wrong, name) <= Math.max(2, name.length() / 3));
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
