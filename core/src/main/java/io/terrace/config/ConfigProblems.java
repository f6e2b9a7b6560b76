// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import io.terrace.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a configuration, so that a person learns all of it at once. Not thread-safe. */
public final class ConfigProblems {

    private final List<Problem> problems = new ArrayList<>();

    private record Problem(String place, String text) {
        @Override
        public String toString() {
            return place.isEmpty() ? text : place + ": " + text;
        }
    }

    /**
     * Adds one.
     *
     * @param place the key at which it is, such as {@code terrace.admission.queue}; empty if it is at none
     * @param text what is wrong, and what to do; without the value of a secret
     */
    public void add(String place, String text) {
        problems.add(new Problem(place, text));
    }

    /** Adds all of the others. */
    public void addAll(ConfigProblems others) {
        problems.addAll(others.problems);
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    public int size() {
        return problems.size();
    }

    /** What is wrong, in the order in which it was found, without the places. */
    List<String> texts() {
        return problems.stream().map(Problem::text).toList();
    }

    /**
     * Ends the reading if there is anything.
     *
     * @param what a clause such as "The store cannot be built"
     * @throws ConfigurationException with all of them, one to a line, if there are any
     */
    public void throwIfAny(String what) {
        if (problems.size() == 1) {
            throw new ConfigurationException(what + ": " + problems.get(0));
        }
        if (!problems.isEmpty()) {
            StringBuilder all = new StringBuilder(what + ", for " + problems.size() + " reasons:");
            problems.forEach(problem -> all.append("\n  ").append(problem));
            throw new ConfigurationException(all.toString());
        }
    }
}
