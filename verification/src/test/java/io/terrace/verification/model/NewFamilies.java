// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static io.terrace.verification.model.Writers.ROW;
import static io.terrace.verification.model.Writers.STORED;
import static io.terrace.verification.model.Writers.TOUCHED;
import static io.terrace.verification.model.Writers.scenario;

import io.terrace.verification.model.Rules.Option;
import java.util.ArrayList;
import java.util.List;

/** What must hold: preconditions, metadata, touch, expired tombstones, and the take-over of a shard. */
final class NewFamilies {
    private static final Rules RULES = Rules.with();
    private static final Script COLLECTOR = new Collector(new RowCalls.CollectMarker());

    private final List<Scenario> all = new ArrayList<>();
    private final boolean full;

    private NewFamilies(boolean full) {
        this.full = full;
    }

    static List<Scenario> all(boolean full) {
        NewFamilies families = new NewFamilies(full);
        for (Start start : Start.USUAL) {
            families.conditions(start);
            families.metadata(start);
            families.takeOver(start);
        }
        families.vanishing();
        families.touch();
        families.expired();
        return families.all;
    }

    /** K: a conditional write c beside other writers. */
    private void conditions(Start start) {
        for (Script script : conditional("c")) {
            String what = "K " + said(script);
            for (String kinds : List.of("L", "S", "D")) {
                all.add(scenario(what, kinds, start, RULES, ", get, 1 fault")
                        .actor("c", script)
                        .actor("g", new Get("g"))
                        .faults(1, ROW)
                        .janitor(new Recover()));
            }
            all.add(scenario(what, "D", start, Rules.with(Option.DELETE_ALWAYS_MARKS), ", deletes mark, 2 faults")
                    .actor("c", script)
                    .faults(2, ROW)
                    .janitor(new Recover()));
            all.add(scenario(what, "L", start, Rules.with(Option.CAS_REPEATED), ", cas repeated, 2 faults")
                    .actor("c", script)
                    .faults(2, ROW)
                    .janitor(new Recover()));
            for (Script other : conditional("e")) {
                int faults = full ? 2 : 1;
                all.add(scenario(what + ", " + said(other), "", start, RULES, ", " + faults + " faults")
                        .actor("c", script)
                        .actor("e", other)
                        .faults(faults, ROW)
                        .janitor(new Recover()));
            }
            all.add(scenario(what + ", complete twice", "", start, RULES, ", 1 fault")
                    .multipart()
                    .actor("c", script)
                    .actor("u", Complete.andRetry())
                    .faults(1, ROW)
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario(what, "", start, RULES, ", recovery, metadata, one dies, 2 faults of any tier")
                    .actor("c", script)
                    .actor("r", new Recover())
                    .actor("m", new UpdateMetadata("m"))
                    .faults(full ? 2 : 1, STORED)
                    .mortal("c", "r")
                    .withoutLog()
                    .janitor(new Recover(), new Sweep(0)));
        }
    }

    private static List<Script> conditional(String name) {
        String value = Writers.value(name);
        return List.of(
                new ConditionalWrite(name, false, value, Condition.CREATE_ONLY),
                new ConditionalWrite(name, true, value, Condition.CREATE_ONLY),
                new ConditionalWrite(name, false, null, Condition.UNCHANGED),
                new ConditionalWrite.AfterGet(name, false),
                new ConditionalWrite.AfterGet(name, true));
    }

    private static String said(Script script) {
        if (script instanceof ConditionalWrite.AfterGet get) {
            return get.large() ? "get and put large" : "get and put small";
        }
        ConditionalWrite write = (ConditionalWrite) script;
        return write.value() == null ? "delete" : write.large() ? "create large" : "create small";
    }

    /** L: metadata updates beside writers. */
    private void metadata(Start start) {
        for (Script script : List.of(new UpdateMetadata("m"), new UpdateMetadata.AfterGet("m"))) {
            String what = script instanceof UpdateMetadata ? "L update" : "L update by token";
            for (String kinds : List.of("L", "S", "D")) {
                all.add(scenario(what, kinds, start, RULES, ", get, 1 fault")
                        .actor("m", script)
                        .actor("g", new Get("g"))
                        .faults(1, ROW)
                        .janitor(new Recover()));
                all.add(scenario(what, kinds, start, RULES, ", recovery, a dies, 1 fault")
                        .actor("m", script)
                        .actor("r", new Recover())
                        .faults(1, ROW)
                        .mortal("a")
                        .janitor(new Recover(), new Sweep(0)));
            }
            all.add(scenario(what, "", start, RULES, ", update by token, update, 2 faults")
                    .actor("m", script)
                    .actor("o", new UpdateMetadata.AfterGet("o"))
                    .actor("p", new UpdateMetadata("p"))
                    .faults(full ? 2 : 1, ROW));
        }
    }

    /** O: the shard of a live or a dead writer is taken over. */
    private void takeOver(Start start) {
        for (String kinds : List.of("L", "S", "D", "LL", "LS", "LD", "SS")) {
            if (!full && kinds.length() == 2 && start.equals(Start.EXPIRED)) {
                continue;
            }
            boolean one = kinds.length() == 1;
            all.add(scenario(
                            "O", kinds, start, RULES, ", take-over, one dies, " + (one ? 2 : 1) + " faults of any tier")
                    .actor("o", new TakeOver(true))
                    .faults(one ? 2 : full ? 1 : 0, STORED)
                    .mortal("a", "o")
                    .withoutLog()
                    .janitor(new TakeOver(false), new Sweep(0)));
        }
        all.add(scenario("O", "L", start, RULES, ", take-over twice, sweep, 1 fault of any tier")
                .actor("o", new TakeOver(true))
                .actor("q", new TakeOver(true))
                .actor("w", new Sweep(0))
                .faults(full ? 1 : 0, STORED)
                .withoutLog()
                .janitor(new TakeOver(false), new Sweep(0)));
        all.add(scenario("O", "L", start, RULES, ", take-over, metadata, no sweep")
                .actor("o", new TakeOver(true))
                .actor("m", new UpdateMetadata("m"))
                .faults(1, ROW)
                .janitor(new TakeOver(false)));
    }

    /** K, O: and markers are collected. */
    private void vanishing() {
        Rules collected = Rules.with(Option.MARKER_COLLECTION);
        for (Start start : List.of(Start.MARKER, Start.BUMPED, Start.ABSENT)) {
            for (boolean large : List.of(true, false)) {
                all.add(scenario(
                                "K create " + (large ? "large" : "small"),
                                "D",
                                start,
                                collected,
                                ", collection, recovery, 1 fault")
                        .actor("c", new ConditionalWrite("c", large, "C", Condition.CREATE_ONLY))
                        .actor("z", COLLECTOR)
                        .actor("r", new Recover())
                        .faults(1, ROW)
                        .janitor(new Recover(), new Sweep(0)));
            }
            all.add(scenario("O", "LD", start, collected, ", collection, take-over, 1 fault")
                    .actor("z", COLLECTOR)
                    .actor("o", new TakeOver(true))
                    .faults(1, ROW)
                    .janitor(new TakeOver(false), new Sweep(0)));
        }
    }

    /** M: a touch keeps its distance to the deadline; the reader's clock, or the sweeper's, is one tick ahead. */
    private void touch() {
        Rules timed = Rules.with(Option.CLOCK);
        for (String kinds : List.of("L", "S", "D")) {
            all.add(guarded("M", kinds, timed)
                    .actor("y", new Sweep(1))
                    .faults(1, TOUCHED)
                    .janitor(new Recover(), new Sweep(0)));
            all.add(guarded("M, two gets", kinds, timed)
                    .actor("g", new Get("g", 1, 2))
                    .faults(full ? 1 : 0, TOUCHED)
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(guarded("M, two gets and a get, sweep", "", timed)
                .actor("g", new Get("g", 1, 2))
                .actor("h", new Get("h", 1, 1))
                .actor("y", new Sweep(1))
                .faults(full ? 1 : 0, TOUCHED)
                .janitor(new Recover(), new Sweep(0)));
    }

    private static Scenario guarded(String what, String kinds, Rules rules) {
        return scenario(what, kinds, Start.LATER, rules, ", clock, touch")
                .actor("x", new Clock(3))
                .actor("t", new Touch("t", 0, 2, 1))
                .pending(new Op.Vanish("v0"));
    }

    /** N: the sweep ends the life of expired tombstones. */
    private void expired() {
        Rules markerFirst = Rules.with(Option.CLOCK, Option.MARKER_FIRST);
        Rules pinned = Rules.with(Option.CLOCK, Option.MARKER_FIRST, Option.PINS);
        for (String kinds : List.of("L", "S", "D")) {
            all.add(scenario("N", kinds, Start.EXPIRED, markerFirst, ", two sweeps, recovery, one dies")
                    .actor("y", new Sweep(0))
                    .actor("w", new Sweep(0))
                    .actor("r", new Recover())
                    .mortal("a", "y")
                    .deadChecked()
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario(
                            "N",
                            kinds,
                            Start.EXPIRED,
                            markerFirst,
                            ", sweep, touch by another clock, one dies, 2 faults")
                    .actor("y", new Sweep(0))
                    .actor("t", new Touch("t", -1, 0, 9))
                    .faults(full ? 2 : 1, TOUCHED)
                    .mortal("a", "y")
                    .withoutAnswers()
                    .deadChecked()
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario("N", kinds, Start.EXPIRED, pinned, ", sweep, checkpoint, y dies, 1 fault")
                    .actor("y", new Sweep(0))
                    .actor("p", new Checkpoint())
                    .faults(1, ROW)
                    .mortal("y")
                    .deadChecked()
                    .janitor(new Recover(), new Sweep(0)));
            all.add(scenario("N", kinds, Start.EXPIRED, RULES, ", two sweeps, blob before marker, 1 fault")
                    .actor("y", new Sweep(0))
                    .actor("w", new Sweep(0))
                    .faults(1, ROW)
                    .janitor(new Recover(), new Sweep(0)));
        }
        all.add(scenario("N create large, get", "", Start.EXPIRED, markerFirst, ", sweep, one dies, 2 faults")
                .actor("c", new ConditionalWrite("c", true, "C", Condition.CREATE_ONLY))
                .actor("y", new Sweep(0))
                .actor("g", new Get("g"))
                .faults(2, ROW)
                .mortal("c", "y")
                .deadChecked()
                .janitor(new Recover(), new Sweep(0)));
    }
}
