// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static io.terrace.verification.model.Writers.ROW;
import static io.terrace.verification.model.Writers.scenario;

import io.terrace.verification.model.Rules.Option;
import java.util.ArrayList;
import java.util.List;

/** Each rule of the protocol, broken once where that shows. */
final class Controls {
    private static final Script RECOVER = new Recover();
    private static final Script SWEEP = new Sweep(0);

    private final List<Control> all = new ArrayList<>();

    private Controls() {}

    static List<Control> all() {
        Controls controls = new Controls();
        controls.writes();
        controls.commits();
        controls.uploads();
        controls.maintenance();
        controls.checkpoints();
        controls.collection();
        return controls.all;
    }

    private void add(String name, String expected, Scenario scenario) {
        all.add(new Control(name, expected, scenario.janitor(RECOVER)));
    }

    private static Rules broken(Rule rule) {
        return Rules.with().breaking(rule);
    }

    private static Scenario one(String kinds, Start start, Rule rule) {
        return scenario("N", kinds, start, broken(rule), "");
    }

    private void writes() {
        add(
                "R1: a blind call is repeated after an unknown outcome",
                "not linearizable",
                one("SS", Start.INLINE, Rule.BLIND_CALL_REPEATED).faults(1, ROW));
        add(
                "R2: a blind call overwrites an expired tombstone",
                "orphan",
                one("S", Start.EXPIRED, Rule.EXPIRED_TOMBSTONE_OVERWRITTEN));
        add(
                "R2: a delete removes the row",
                "dangling",
                one("LSD", Start.ABSENT, Rule.DELETE_REMOVES_THE_ROW).faults(1, ROW));
        add(
                "R3a: the row is read after the entry is appended",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.ROW_READ_AFTER_RECORD).actor("r", RECOVER));
        add(
                "R3b: the blob is visible before the entry is durable",
                "orphan",
                one("L", Start.TOMBSTONE, Rule.BLOB_VISIBLE_BEFORE_RECORD).mortal("a"));
        add(
                "R3d: the entry is removed before its blobs are gone",
                "orphan",
                one("L", Start.TOMBSTONE, Rule.ENTRY_REMOVED_FIRST).mortal("a"));
        add(
                "R8: a missing blob counts as absent",
                "not linearizable",
                one("L", Start.TOMBSTONE, Rule.MISSING_BLOB_MEANS_ABSENT).actor("g", new Get("g")));
    }

    private void commits() {
        add(
                "R5.2: a refused compare-and-set is just tried again",
                "dangling",
                one("LL", Start.TOMBSTONE, Rule.REFUSAL_REPEATED).faults(1, ROW));
        add(
                "R5.3: another version counts as another value",
                "not linearizable",
                one("L", Start.TOMBSTONE, Rule.VERSION_DECIDES).actor("t", new Touch("t")));
        add(
                "R5.4: no look at the entry before a later version is replaced",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.NO_CLAIM_CHECK).actor("r", RECOVER));
        add(
                "R6.3: no fence",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.NO_FENCE).actor("r", RECOVER));
        add(
                "R6.3: a fence after the deletion",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.BLOB_DELETED_BEFORE_FENCE).actor("r", RECOVER));
    }

    private void uploads() {
        add(
                "R10: no record of the upload",
                "dangling",
                one("", Start.TOMBSTONE, Rule.NO_UPLOAD_RECORD)
                        .multipart()
                        .actor("c", Complete.andRetry())
                        .actor("b", new LargeWrite("b", "B"))
                        .faults(1, ROW));
        add(
                "R10: who takes a complete over records a base of its own",
                "dangling",
                twice(Rule.BASE_REPLACED_AT_TAKE_OVER, Start.TOMBSTONE, new LargeWrite("b", "B")));
        add(
                "R10: who takes a complete over judges by an older row",
                "dangling",
                twice(Rule.NO_READ_AFTER_TAKE_OVER, Start.INLINE, new SmallWrite("b", null))
                        .faults(1, ROW));
        add("R10: an abort without a fence", "dangling", aborted(Rule.NO_FENCE));
        add("R10: complete does not look whether the record is its own", "dangling", aborted(Rule.NO_CLAIM_CHECK));
    }

    private static Scenario twice(Rule rule, Start start, Script writer) {
        return one("", start, rule)
                .multipart()
                .pending(Complete.OP)
                .actor("c", new Complete("x", false, null))
                .actor("e", new Complete("z", false, null))
                .actor("b", writer)
                .mortal("c");
    }

    private static Scenario aborted(Rule rule) {
        return one("", Start.TOMBSTONE, rule)
                .multipart()
                .actor("c", new Complete("x", true, null))
                .actor("k", new AbortUpload(Complete.UPLOAD));
    }

    private void maintenance() {
        add(
                "R11: the sweeper reads the row first",
                "dangling",
                one("L", Start.ABSENT, Rule.SWEEP_READS_ROW_FIRST).actor("w", SWEEP));
        add(
                "R11: nobody sweeps",
                "orphan",
                scenario("N", "L", Start.ABSENT, Rules.with(), "").faults(1, List.of(BlobCalls.Put.class)));
        add(
                "R12: touch writes whatever stands there",
                "dangling",
                one("L", Start.TOMBSTONE, Rule.TOUCH_REWRITES).actor("t", new Touch("t")));
        add(
                "R13: the store drops expired tombstones",
                "orphan",
                one("", Start.EXPIRED, Rule.STORE_DROPS_EXPIRED).actor("z", new Collector(new RowCalls.DropExpired())));
    }

    private void checkpoints() {
        add(
                "R9: a checkpoint reads before it pins",
                "the pinned blob",
                pinned("L", Start.TOMBSTONE, Rule.READ_BEFORE_PIN));
        add(
                "R9: pins are looked at before the commit",
                "the pinned blob",
                pinned("L", Start.TOMBSTONE, Rule.PINS_READ_BEFORE_COMMIT));
        add(
                "R9: an undone change does not look at pins",
                "the pinned blob",
                pinned("LL", Start.ABSENT, Rule.ROLLBACK_IGNORES_PINS).actor("r", RECOVER));
        add(
                "R9: no second look at the pins",
                "entries left",
                pinned("L", Start.TOMBSTONE, Rule.NO_SECOND_LOOK_AT_PINS));
    }

    private static Scenario pinned(String kinds, Start start, Rule rule) {
        return scenario("N", kinds, start, Rules.with(Option.PINS).breaking(rule), "")
                .actor("p", new Checkpoint());
    }

    private void collection() {
        add(
                "R13: a marker is collected while a compare-and-set is under way",
                "dangling",
                collected("L", Start.ABSENT, Rule.MARKER_COLLECTED_EARLY)
                        .actor("r", RECOVER)
                        .faults(1, ROW)
                        .mortal("a"));
        add(
                "R5.5: a row that vanished counts as overwritten",
                "not linearizable",
                collected("L", Start.MARKER, Rule.VANISHED_COUNTS_AS_WRITTEN));
        add(
                "R5.5: a row that vanished and was bumped since counts as overwritten",
                "not linearizable",
                collected("LL", Start.MARKER, Rule.VANISHED_AND_BUMPED_COUNTS_AS_WRITTEN)
                        .actor("r", RECOVER));
        add(
                "R10: the same, for the complete of an upload",
                "not linearizable",
                collected("L", Start.MARKER, Rule.VANISHED_AND_BUMPED_COUNTS_AS_WRITTEN)
                        .multipart()
                        .actor("c", new Complete("x", true, null))
                        .actor("r", new Recover.Each(List.of("a"), null)));
        add(
                "R5.3, R6.3: no bump of a row that was absent",
                "dangling",
                collected("LSD", Start.ABSENT, Rule.ABSENT_NOT_BUMPED).faults(1, ROW));
        add(
                "R13: the bump of an absent row always writes the same version",
                "dangling",
                collected("L", Start.BUMPED, Rule.ABSENT_BUMP_STARTS_AT_ONE).actor("r", RECOVER));
    }

    private static Scenario collected(String kinds, Start start, Rule rule) {
        return scenario("N", kinds, start, Rules.with(Option.MARKER_COLLECTION).breaking(rule), "")
                .actor("z", new Collector(new RowCalls.CollectMarker()));
    }
}
