// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static io.terrace.verification.model.Writers.ROW;
import static io.terrace.verification.model.Writers.scenario;

import io.terrace.verification.model.Rules.Option;
import java.util.ArrayList;
import java.util.List;

/** The rules of preconditions, metadata, touch, expired tombstones and the take-over of a shard, broken. */
final class NewControls {
    private static final Script RECOVER = new Recover();
    private static final String LOST = "not linearizable";

    private final List<Control> all = new ArrayList<>();

    private NewControls() {}

    static List<Control> all() {
        NewControls controls = new NewControls();
        controls.conditions();
        controls.metadata();
        controls.touch();
        controls.expired();
        controls.takeOver();
        return controls.all;
    }

    private void add(String name, String expected, Scenario scenario) {
        all.add(new Control(name, expected, scenario));
    }

    private static Scenario one(String kinds, Start start, Rule rule, Option... options) {
        return scenario("N", kinds, start, Rules.with(options).breaking(rule), "");
    }

    private static Script create(boolean large) {
        return new ConditionalWrite("c", large, "C", Condition.CREATE_ONLY);
    }

    private static Script replace(boolean large) {
        return new ConditionalWrite("c", large, "C", Condition.UNCHANGED);
    }

    private void conditions() {
        add(
                "R14: a conditional write that was overtaken counts as written",
                LOST,
                one("", Start.INLINE, Rule.CONDITION_SUPERSEDED)
                        .actor("c", replace(false))
                        .actor("e", new ConditionalWrite.AfterGet("e", false))
                        .janitor(RECOVER));
        add(
                "R14: the same, create-only",
                LOST,
                one("", Start.ABSENT, Rule.CONDITION_SUPERSEDED)
                        .actor("c", create(true))
                        .actor("e", new ConditionalWrite("e", false, "E", Condition.CREATE_ONLY))
                        .janitor(RECOVER));
        add(
                "R5.3: a write that a conditional one overtook counts as written",
                LOST,
                one("L", Start.ABSENT, Rule.OVERTAKEN_BY_CONDITION_COUNTS)
                        .actor("c", create(false))
                        .janitor(RECOVER));
        add(
                "R10: the same, for the complete of an upload",
                LOST,
                one("", Start.INLINE, Rule.OVERTAKEN_BY_CONDITION_COUNTS)
                        .multipart()
                        .actor("u", new Complete("x", true, null))
                        .actor("c", new ConditionalWrite.AfterGet("c", false))
                        .janitor(RECOVER));
        add(
                "R14: an unanswered conditional write is reported as refused",
                LOST,
                one("S", Start.INLINE, Rule.UNANSWERED_CONDITION_FAILS)
                        .actor("c", replace(false))
                        .actor("g", new Get("g"))
                        .faults(1, ROW)
                        .janitor(RECOVER));
        add(
                "R14: another write id counts as existing, beside deletes that always write a marker",
                LOST,
                one("D", Start.ABSENT, Rule.OVERTAKEN_MEANS_EXISTS, Option.DELETE_ALWAYS_MARKS)
                        .actor("c", create(false))
                        .janitor(RECOVER));
        add(
                "R14: another write id counts as existing, beside the delete of an expired object",
                LOST,
                one("D", Start.EXPIRED, Rule.OVERTAKEN_MEANS_EXISTS)
                        .actor("c", create(false))
                        .janitor(RECOVER));
        add(
                "R14: a conditional write is sent again on a later version",
                "dangling",
                one("", Start.TOMBSTONE, Rule.CONDITION_RETRIED)
                        .actor("c", replace(true))
                        .actor("r", RECOVER)
                        .janitor(RECOVER));
        add(
                "R14: a refused conditional write releases what it meant to replace",
                "dangling",
                one("", Start.TOMBSTONE, Rule.REFUSED_CONDITION_RELEASES)
                        .actor("c", replace(false))
                        .actor("t", new Touch("t"))
                        .janitor(RECOVER));
    }

    private void metadata() {
        add(
                "a metadata update writes a fresh write id",
                LOST,
                one("L", Start.TOMBSTONE, Rule.METADATA_WITH_FRESH_WRITE_ID)
                        .actor("m", new UpdateMetadata("m"))
                        .janitor(RECOVER));
        add(
                "the token of a metadata update is the write id alone",
                LOST,
                one("", Start.INLINE, Rule.TOKEN_WITHOUT_BUMP)
                        .actor("m", new UpdateMetadata.AfterGet("m"))
                        .actor("o", new UpdateMetadata.AfterGet("o"))
                        .janitor(RECOVER));
    }

    /** A reader's clock is so far ahead. */
    private static Scenario touched(Rules rules, int ahead) {
        return scenario("N", "", Start.LATER, rules, "")
                .actor("x", new Clock(3))
                .actor("t", new Touch("t", 0, 2, 1))
                .actor("g", new Get("g", ahead, 2))
                .pending(new Op.Vanish("v0"))
                .janitor(RECOVER, new Sweep(0));
    }

    private void touch() {
        Rules timed = Rules.with(Option.CLOCK);
        List<Class<?>> late = List.of(RowCalls.Touch.class);
        add("R12: clocks differ by more than the guard of a touch allows", LOST, touched(timed, 2));
        add(
                "R12: a touch lands after the deadline of its request",
                LOST,
                touched(timed.breaking(Rule.TOUCH_LANDS_LATE), 1).faults(1, late));
        add(
                "R12: the same, and the store checks the deadline by its own clock without a margin",
                LOST,
                touched(Rules.with(Option.CLOCK, Option.STORE_CHECKS_DEADLINE).breaking(Rule.TOUCH_LANDS_LATE), 1)
                        .faults(1, late));
        add(
                "not prevented: an object is replaced by its tag after a reader has seen it expire",
                LOST,
                scenario("N", "", Start.EXPIRING, timed, "")
                        .actor("x", new Clock(1))
                        .actor("c", replace(false))
                        .actor("g", new Get("g"))
                        .pending(new Op.Vanish("v0"))
                        .janitor(RECOVER, new Sweep(0)));
        add("R8: a reader reads its clock after the row", LOST, touched(timed.breaking(Rule.CLOCK_READ_AFTER_ROW), 0));
    }

    private void expired() {
        add(
                "R12: the sweep deletes the blob of an expired row first",
                "dangling",
                swept(Rule.EXPIRED_BLOB_DELETED_FIRST));
        add(
                "R12: the sweep releases the blob of an expired row that is not made dead",
                "dangling",
                swept(Rule.EXPIRED_ROW_NOT_MADE_DEAD));
        add(
                "R12: the blob of a dead row is deleted before the row becomes a marker",
                "a dead row",
                scenario("N", "", Start.EXPIRED, Rules.with(), "")
                        .actor("y", new Sweep(0))
                        .mortal("y")
                        .deadChecked()
                        .janitor(RECOVER, new Sweep(0)));
    }

    private static Scenario swept(Rule rule) {
        return one("", Start.EXPIRED, rule, Option.CLOCK)
                .actor("t", new Touch("t", -1, 0, 9))
                .actor("y", new Sweep(0))
                .withoutAnswers()
                .janitor(RECOVER, new Sweep(0));
    }

    private void takeOver() {
        Script over = new TakeOver(true);
        add(
                "the epoch is not checked on append",
                "entries left",
                one("L", Start.ABSENT, Rule.EPOCH_UNCHECKED_ON_APPEND)
                        .actor("o", over)
                        .mortal("a")
                        .janitor(new TakeOver(false), new Sweep(0)));
        add(
                "the epoch is not checked on get",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.EPOCH_UNCHECKED_ON_GET)
                        .actor("o", over)
                        .janitor(new TakeOver(false), new Sweep(0)));
        add(
                "the epoch is not checked on rebase",
                "dangling",
                one("L", Start.MARKER, Rule.EPOCH_UNCHECKED_ON_REBASE, Option.MARKER_COLLECTION)
                        .actor("z", new Collector(new RowCalls.CollectMarker()))
                        .actor("o", over)
                        .janitor(new TakeOver(false), new Sweep(0)));
    }
}
