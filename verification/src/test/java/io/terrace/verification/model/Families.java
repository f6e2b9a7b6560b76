// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static io.terrace.verification.model.Writers.ROW;
import static io.terrace.verification.model.Writers.STORED;
import static io.terrace.verification.model.Writers.scenario;

import io.terrace.verification.model.Rules.Option;
import java.util.ArrayList;
import java.util.List;

/** What must hold: writes, recovery, the sweep and reads. */
final class Families {
    private static final Rules RULES = Rules.with();
    private static final List<String> ONE_OR_TWO = List.of("L", "S", "D", "LL", "LS", "LD", "SS", "SD", "DD");

    private final List<Scenario> all = new ArrayList<>();
    private final boolean full;

    private Families(boolean full) {
        this.full = full;
    }

    static List<Scenario> all(boolean full) {
        Families families = new Families(full);
        for (Start start : Start.USUAL) {
            families.writers(start);
            families.repeated(start);
            families.recovery(start);
            families.sweep(start);
            families.reads(start);
        }
        return families.all;
    }

    /** A: writers, and requests that fail. */
    private void writers(Start start) {
        for (String kinds : ONE_OR_TWO) {
            all.add(scenario("A", kinds, start, RULES, ", 2 faults")
                    .faults(2, ROW)
                    .janitor(new Recover()));
        }
        if (!full && start.equals(Start.EXPIRED)) {
            return;
        }
        for (String kinds : List.of("LLL", "LLS", "LLD", "LSD", "SSD")) {
            int faults = full ? 2 : 1;
            all.add(scenario("A", kinds, start, RULES, ", " + faults + " faults")
                    .faults(faults, ROW)
                    .janitor(new Recover()));
        }
    }

    /** B: an adapter that repeats a compare-and-set, and a store whose deletes always write a marker. */
    private void repeated(Start start) {
        for (String kinds : List.of("LSD", "LL", "LD")) {
            int faults = full || kinds.length() == 2 ? 2 : 1;
            all.add(scenario(
                            "B", kinds, start, Rules.with(Option.CAS_REPEATED), ", cas repeated, " + faults + " faults")
                    .faults(faults, ROW)
                    .janitor(new Recover()));
        }
        for (String kinds : List.of("LSD", "LD", "DD")) {
            all.add(scenario("B", kinds, start, Rules.with(Option.DELETE_ALWAYS_MARKS), ", deletes mark, 1 fault")
                    .faults(1, ROW)
                    .janitor(new Recover()));
        }
    }

    /** C: recovery that takes live writers for dead, and the death of anybody. */
    private void recovery(Start start) {
        for (String kind : List.of("L", "S", "D")) {
            all.add(scenario("C", kind, start, RULES, ", recovery, one dies, 2 faults")
                    .actor("r", new Recover())
                    .faults(2, ROW)
                    .mortal("a", "r")
                    .janitor(new Recover(), new Sweep(0)));
            for (String other : List.of("L", "S", "D")) {
                if (!full && (start.equals(Start.EXPIRED) || !(kind + other).contains("L"))) {
                    continue;
                }
                int faults = full ? 1 : 0;
                all.add(scenario("C", kind + other, start, RULES, ", recovery, one dies, " + faults + " faults")
                        .actor("r", new Recover())
                        .faults(faults, ROW)
                        .mortal("a", "b", "r")
                        .janitor(new Recover(), new Sweep(0)));
                if (full || (kind.equals("L") && (start.equals(Start.ABSENT) || start.equals(Start.TOMBSTONE)))) {
                    all.add(scenario("C", kind + other, start, RULES, ", recovery, none dies, 1 fault, no sweep")
                            .actor("r", new Recover())
                            .faults(1, ROW)
                            .janitor(new Recover()));
                }
            }
        }
        for (String kinds : ONE_OR_TWO) {
            all.add(scenario("C", kinds, start, RULES, ", a dies, 2 faults, no sweep")
                    .faults(2, ROW)
                    .mortal("a")
                    .janitor(new Recover()));
        }
    }

    /** D: faults of blobs and log, blobs that become visible late, and the sweep beside writers. */
    private void sweep(Start start) {
        for (String kind : List.of("L", "S", "D")) {
            all.add(scenario("D", kind, start, RULES, ", sweep, a dies, 2 faults of any tier")
                    .actor("w", new Sweep(0))
                    .faults(2, STORED)
                    .mortal("a")
                    .withoutLog()
                    .janitor(new Recover(), new Sweep(0)));
            int faults = full ? 2 : 1;
            all.add(scenario("D", "L" + kind, start, RULES, ", sweep, " + faults + " faults of any tier")
                    .actor("w", new Sweep(0))
                    .faults(faults, STORED)
                    .withoutLog()
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(scenario("D", "L", start, RULES, ", recovery, sweep, a dies, 1 fault of any tier")
                .actor("r", new Recover())
                .actor("w", new Sweep(0))
                .faults(1, STORED)
                .mortal("a")
                .withoutLog()
                .janitor(new Recover(), new Sweep(0)));
    }

    /** G: a read beside two writers. */
    private void reads(Start start) {
        if (!full && start.equals(Start.EXPIRED)) {
            return;
        }
        for (String kinds : List.of("LL", "LS", "LD", "SS", "SD", "DD")) {
            all.add(scenario("G", kinds, start, RULES, ", get, 1 fault")
                    .actor("g", new Get("g"))
                    .faults(1, ROW)
                    .janitor(new Recover()));
        }
    }
}
