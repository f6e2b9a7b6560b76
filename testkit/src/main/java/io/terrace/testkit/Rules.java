// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rules that a class of the kit checks. */
final class Rules {

    /** By their numbers, as on the pages that they are written on. */
    static final Comparator<Rule> IN_ORDER = Comparator.<Rule, String>comparing(
                    rule -> rule.value().substring(0, 2))
            .thenComparing(rule -> number(rule, 0))
            .thenComparing(rule -> number(rule, 1));

    private Rules() {}

    /** Their numbers, once per test. */
    static List<String> of(Class<?> type) {
        return in(type).stream().map(Rule::value).toList();
    }

    static List<Rule> in(Class<?> type) {
        List<Rule> rules = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                Rule rule = method.getAnnotation(Rule.class);
                if (rule != null) {
                    rules.add(rule);
                }
            }
            for (Class<?> nested : c.getDeclaredClasses()) {
                rules.addAll(in(nested));
            }
        }
        return rules;
    }

    /** Where a rule is written down. */
    static String page(String rule) {
        return "docs/spec/"
                + switch (rule.substring(0, 2)) {
                    case "HV" -> "high-volume";
                    case "LT" -> "long-term";
                    case "CL" -> "change-log";
                    case "MU" -> "multipart";
                    case "PV" -> "provider";
                    case "WR", "WB" -> "wire";
                    default -> "backend";
                }
                + ".md";
    }

    private static Integer number(Rule rule, int index) {
        return Integer.valueOf(rule.value().substring(3).split("\\.")[index]);
    }
}
