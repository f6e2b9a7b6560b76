// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static io.terrace.verification.model.Writers.COMPLETED;
import static io.terrace.verification.model.Writers.ROW;
import static io.terrace.verification.model.Writers.TOUCHED;
import static io.terrace.verification.model.Writers.scenario;

import io.terrace.verification.model.Rules.Option;
import java.util.ArrayList;
import java.util.List;

/** What must hold: multipart uploads, expiry, checkpoints and the collection of markers. */
final class MoreFamilies {
    private static final Rules RULES = Rules.with();

    private final List<Scenario> all = new ArrayList<>();
    private final boolean full;

    private MoreFamilies(boolean full) {
        this.full = full;
    }

    static List<Scenario> all(boolean full) {
        MoreFamilies families = new MoreFamilies(full);
        Start.USUAL.forEach(families::multipart);
        families.expiry();
        families.checkpoints(Start.TOMBSTONE);
        families.checkpoints(Start.ABSENT);
        families.collection(Start.ABSENT);
        families.collection(Start.INLINE);
        families.collection(Start.TOMBSTONE);
        families.vanishing();
        families.collections();
        return families.all;
    }

    /** E: multipart uploads. */
    private void multipart(Start start) {
        if (!full && start.equals(Start.EXPIRED)) {
            return;
        }
        all.add(upload("E complete twice", "", start, ", 2 faults")
                .faults(2, COMPLETED)
                .janitor(new Recover()));
        for (String kind : List.of("L", "S", "D")) {
            all.add(upload("E complete twice", kind, start, ", c dies, 2 faults")
                    .faults(2, COMPLETED)
                    .mortal("c")
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(upload("E complete twice, abort", "", start, ", k dies, 2 faults")
                .actor("k", new AbortUpload(Complete.UPLOAD))
                .faults(2, COMPLETED)
                .mortal("k")
                .janitor(new Recover(), new Sweep(0)));
        all.add(new Scenario("E complete, another complete | D, c dies, 1 fault, from " + start, RULES)
                .from(start)
                .multipart()
                .pending(Complete.OP)
                .actor("c", new Complete("x", false, null))
                .actor("e", new Complete("z", false, null))
                .actor("b", new SmallWrite("b", null))
                .faults(1, COMPLETED)
                .mortal("c")
                .janitor(new Recover(), new Sweep(0)));
        for (String kind : full ? List.of("L", "S", "D") : List.of("L", "D")) {
            all.add(upload("E complete twice, abort", kind, start, ", 1 fault")
                    .actor("k", new AbortUpload(Complete.UPLOAD))
                    .faults(1, COMPLETED)
                    .janitor(new Recover(), new Sweep(0)));
        }
    }

    private static Scenario upload(String what, String kinds, Start start, String more) {
        return scenario(what, kinds, start, RULES, more).multipart().actor("c", Complete.andRetry());
    }

    /** F: expiry and touch. */
    private void expiry() {
        Rules checked = Rules.with(Option.CLOCK, Option.STORE_CHECKS_DEADLINE, Option.MARKER_FIRST);
        for (String kind : List.of("L", "S", "D")) {
            all.add(scenario("F", kind, Start.EXPIRING, checked, ", clock, touch, 2 faults")
                    .actor("x", new Clock(1))
                    .actor("t", new Touch("t", 0, 0, 9))
                    .pending(new Op.Vanish("v0"))
                    .faults(2, TOUCHED)
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario("F", kind, Start.EXPIRING, checked, ", clock, sweep, one dies, 2 faults")
                    .actor("x", new Clock(1))
                    .actor("y", new Sweep(0))
                    .pending(new Op.Vanish("v0"))
                    .faults(2, ROW)
                    .mortal("a", "y")
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario("F", kind, Start.TOMBSTONE, checked, ", touch, get, 1 fault")
                    .actor("t", new Touch("t"))
                    .actor("g", new Get("g"))
                    .faults(1, TOUCHED)
                    .janitor(new Recover()));
            all.add(scenario(
                            "F",
                            kind,
                            Start.EXPIRING,
                            Rules.with(Option.CLOCK),
                            ", clock, touch, sweep, clocks apart, 1 fault")
                    .actor("x", new Clock(1))
                    .actor("t", new Touch("t", -1, 0, 9))
                    .actor("y", new Sweep(1))
                    .withoutAnswers()
                    .faults(1, TOUCHED)
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(scenario("F", "", Start.EXPIRING, checked, "clock, touch, sweep, get, 2 faults")
                .actor("x", new Clock(1))
                .actor("t", new Touch("t", 0, 0, 9))
                .actor("y", new Sweep(0))
                .actor("g", new Get("g"))
                .pending(new Op.Vanish("v0"))
                .faults(2, TOUCHED)
                .janitor(new Recover(), new Sweep(0)));
    }

    /** H: checkpoints. */
    private void checkpoints(Start start) {
        Rules rules = Rules.with(Option.PINS, Option.MARKER_FIRST);
        for (String kind : List.of("L", "S", "D")) {
            all.add(scenario("H", kind, start, rules, ", checkpoint, recovery, a dies, 1 fault")
                    .actor("p", new Checkpoint())
                    .actor("r", new Recover())
                    .faults(1, ROW)
                    .mortal("a")
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario("H", "L" + kind, start, rules, ", checkpoint, 1 fault")
                    .actor("p", new Checkpoint())
                    .faults(1, ROW)
                    .janitor(new Recover()));
            Start expiring = start.equals(Start.TOMBSTONE) ? Start.EXPIRING : start;
            Rules timed = Rules.with(Option.PINS, Option.MARKER_FIRST, Option.CLOCK);
            Scenario swept = scenario("H", kind, expiring, timed, ", checkpoint, clock, sweep")
                    .actor("p", new Checkpoint())
                    .actor("x", new Clock(1))
                    .actor("w", new Sweep(0))
                    .janitor(new Recover(), new Sweep(0));
            all.add(expiring.equals(Start.EXPIRING) ? swept.pending(new Op.Vanish("v0")) : swept);
        }
    }

    private static final Script COLLECTOR = new Collector(new RowCalls.CollectMarker());
    private static final Rules COLLECTED = Rules.with(Option.MARKER_COLLECTION);

    /** I: the store collects markers. */
    private void collection(Start start) {
        for (String kinds : full || !start.equals(Start.TOMBSTONE) ? List.of("LD", "LSD") : List.of("LD")) {
            Scenario scenario = scenario("I", kinds, start, COLLECTED, ", collection, a dies, 1 fault")
                    .actor("z", COLLECTOR)
                    .faults(1, ROW)
                    .mortal("a")
                    .janitor(new Recover(), new Sweep(0));
            if (full
                    ? kinds.equals("LD") || !start.equals(Start.TOMBSTONE)
                    : kinds.equals("LD") && !start.equals(Start.TOMBSTONE)) {
                scenario.actor("r", new Recover());
            }
            all.add(scenario);
        }
    }

    /** The marker that a write is based on vanishes, and a resolver bumps what is left. */
    private void vanishing() {
        for (String kinds : List.of("LL", "LD")) {
            int faults = full || kinds.equals("LD") ? 1 : 0;
            all.add(scenario("I", kinds, Start.MARKER, COLLECTED, ", collection, recovery, " + faults + " faults")
                    .actor("z", COLLECTOR)
                    .actor("r", new Recover())
                    .faults(faults, ROW)
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(scenario("I complete", "L", Start.MARKER, COLLECTED, ", collection, recovery of a")
                .multipart()
                .actor("c", new Complete("x", true, null))
                .actor("z", COLLECTOR)
                .actor("r", new Recover.Each(List.of("a"), null))
                .janitor(new Recover(), new Sweep(0)));
    }

    private void collections() {
        all.add(scenario("I", "LSD", Start.ABSENT, COLLECTED, ", two collections, 1 fault")
                .actor("z", COLLECTOR)
                .actor("q", COLLECTOR)
                .faults(1, ROW)
                .janitor(new Recover()));
        for (String kinds : List.of("DD", "SD")) {
            all.add(scenario("I complete twice", kinds, Start.ABSENT, COLLECTED, ", collection, 1 fault")
                    .multipart()
                    .actor("c", Complete.andRetry())
                    .actor("z", COLLECTOR)
                    .faults(1, ROW)
                    .janitor(new Recover(), new Sweep(0)));
        }
    }
}
