// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.EnumSet;
import java.util.Set;

/** The protocol that a scenario runs: which rules are broken, and what the stores around it do. */
record Rules(Set<Rule> broken, Set<Option> options) {

    /** What may be there or not, both of it right. */
    enum Option {
        /** Checkpoints pin blobs, so releases look at pins. */
        PINS,
        /** The store collects old markers. The model then keeps track of what a marker has to outlive. */
        MARKER_COLLECTION,
        /** The adapter repeats a compare-and-set that went unanswered, and says so. */
        CAS_REPEATED,
        /** A delete writes a marker over an absent row or a marker too, as a store does that has one branch only. */
        DELETE_ALWAYS_MARKS,
        /** The store evaluates the deadline by a clock of its own when it carries out a touch. */
        STORE_CHECKS_DEADLINE,
        /** Time passes, so those who care read a clock. */
        CLOCK,
        /** The sweep makes a dead row a marker first and deletes its blob second, not the other way round. */
        MARKER_FIRST
    }

    static Rules with(Option... options) {
        Set<Option> set = EnumSet.noneOf(Option.class);
        set.addAll(Set.of(options));
        return new Rules(EnumSet.noneOf(Rule.class), set);
    }

    Rules breaking(Rule... rules) {
        Set<Rule> set = EnumSet.noneOf(Rule.class);
        set.addAll(Set.of(rules));
        return new Rules(set, options);
    }

    boolean breaks(Rule rule) {
        return broken.contains(rule);
    }

    boolean has(Option option) {
        return options.contains(option);
    }
}
