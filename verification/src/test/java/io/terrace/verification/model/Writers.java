// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayList;
import java.util.List;

/** The words in which scenarios are told. */
final class Writers {
    private Writers() {}

    /** The requests that change a row; those that decide about a value fail in nearly every scenario. */
    static final List<Class<?>> ROW =
            List.of(RowCalls.Cas.class, RowCalls.BlindPut.class, RowCalls.BlindDelete.class, RowCalls.Bump.class);

    static final List<Class<?>> TOUCHED = and(ROW, RowCalls.Touch.class);
    static final List<Class<?>> STORED = and(ROW, BlobCalls.Put.class, LogCalls.Append.class);
    static final List<Class<?>> COMPLETED = and(ROW, LogCalls.Begin.class, BlobCalls.CompleteSession.class);

    /** L puts a large value, S a small one, D deletes. */
    static Script writer(char kind, String name) {
        return switch (kind) {
            case 'L' -> new LargeWrite(name, value(name));
            case 'S' -> new SmallWrite(name, value(name));
            case 'D' -> new SmallWrite(name, null);
            default -> throw new IllegalArgumentException("no writer " + kind);
        };
    }

    static String value(String name) {
        return name.toUpperCase(java.util.Locale.ROOT);
    }

    /** One writer for each letter, named a, b, d. */
    static Scenario scenario(String family, String kinds, Start start, Rules rules, String what) {
        String title = "%s %s%s, from %s".formatted(family, String.join(" | ", kinds.split("")), what, start);
        Scenario scenario = new Scenario(title, rules).from(start);
        for (int i = 0; i < kinds.length(); i++) {
            String name = "abd".substring(i, i + 1);
            scenario.actor(name, writer(kinds.charAt(i), name));
        }
        return scenario;
    }

    static List<Class<?>> and(List<Class<?>> some, Class<?>... more) {
        List<Class<?>> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }
}
