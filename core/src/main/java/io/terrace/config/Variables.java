// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${NAME}</code> by a variable, <code>${NAME:-text}</code> by it or the text if it is unset or empty, and
 * <code>$${</code> by <code>${</code>. What a variable holds is not looked through again.
 */
final class Variables {

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\\}|\\$\\{", Pattern.DOTALL);

    private final Function<String, @Nullable String> lookup;

    /**
     * A text without references.
     *
     * @param replaced whether any of it comes from a variable
     */
    record Expanded(String text, boolean replaced) {}

    /** @param lookup {@code null} for a variable that is not set */
    Variables(Function<String, @Nullable String> lookup) {
        this.lookup = lookup;
    }

    /** {@code null} if that cannot be done; then each reason is a problem. */
    @Nullable
    Expanded expand(String place, String text, ConfigProblems problems) {
        int before = problems.size();
        boolean replaced = false;
        StringBuilder out = new StringBuilder();
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            String name = reference.group(1);
            String value = name == null ? null : lookup.apply(name);
            String otherwise = reference.group(3);
            if (name == null && reference.group().equals("$${")) {
                value = "${";
            } else if (name == null) {
                problems.add(
                        place, "'${' begins a variable: write ${NAME}, ${NAME:-default}, or $${ for the text '${'");
            } else if (otherwise != null && (value == null || value.isEmpty())) {
                value = otherwise;
            } else if (value == null) {
                problems.add(
                        place, "the variable '" + name + "' is not set; set it, or write ${" + name + ":-default}");
            } else {
                replaced = true;
            }
            reference.appendReplacement(out, Matcher.quoteReplacement(value == null ? "" : value));
        }
        reference.appendTail(out);
        return problems.size() == before ? new Expanded(out.toString(), replaced) : null;
    }
}
