// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/** The rules that a class of the kit checks. */
final class Rules {

    private Rules() {}

    /** Their numbers, once per test. */
    static List<String> of(Class<?> type) {
        List<String> rules = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                Rule rule = method.getAnnotation(Rule.class);
                if (rule != null) {
                    rules.add(rule.value());
                }
            }
            for (Class<?> nested : c.getDeclaredClasses()) {
                rules.addAll(of(nested));
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
                    case "PV" -> "provider";
                    default -> "backend";
                }
                + ".md";
    }
}
