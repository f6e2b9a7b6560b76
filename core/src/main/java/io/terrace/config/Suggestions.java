// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.Collection;
import java.util.Optional;

/** Which name a misspelt one most likely stands for. */
final class Suggestions {

    private Suggestions() {}

    static Optional<String> nearest(String wrong, Collection<String> names) {
        return names.stream()
                .min((a, b) -> Integer.compare(distance(wrong, a), distance(wrong, b)))
                .filter(name -> distance(wrong, name) <= Math.max(2, name.length() / 3));
    }

    /** As the end of a sentence about the misspelt one; empty if nothing resembles it. */
    static String sentence(String wrong, Collection<String> names) {
        return nearest(wrong, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
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
