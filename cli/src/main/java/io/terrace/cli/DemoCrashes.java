// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.TieredObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Kills a second process while it writes, three times, and looks at what it left and at what recovery makes of that. */
final class DemoCrashes {

    /** What the writers need at most, in bytes. */
    static final long ROOM = 256L << 20;

    private final DemoDirectory directory;
    private final DemoReport report;

    DemoCrashes(DemoDirectory directory, DemoReport report) {
        this.directory = directory;
        this.report = report;
    }

    void run() throws IOException {
        for (DemoWriter.Moment moment : DemoWriter.Moment.values()) {
            KilledWriter killed = KilledWriter.run(directory, moment);
            report.say("kill -9", moment + "; it had " + killed.acknowledged() + " writes acknowledged");
            try (EmbeddedStore store =
                    EmbeddedStore.at(directory.store()).withoutRecovery().open()) {
                String left = state(store.objects());
                RecoveryReport recovery =
                        Objects.requireNonNull(store.objects().recover().block());
                report.say("", "left behind: " + left);
                report.say(
                        "",
                        "recovery: " + recovery.settled() + " settled, " + recovery.failed() + " failed; then "
                                + state(store.objects()));
                report.say("", "acknowledged objects: " + compare(store.objects(), killed));
            }
        }
    }

    private static String state(TieredObjectStore objects) {
        List<Finding> findings = Objects.requireNonNull(
                objects.inspect(InspectionDepth.STRUCTURE).collectList().block());
        return count(findings, Finding.Kind.OPEN_CHANGE) + " open changes, " + count(findings, Finding.Kind.ORPHAN)
                + " orphans, " + count(findings, Finding.Kind.DANGLING) + " dangling";
    }

    private static long count(List<Finding> findings, Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).count();
    }

    /** Each object must be, whole, the last version that was acknowledged, or the one that was being written. */
    private String compare(TieredObjectStore objects, KilledWriter killed) {
        int same = 0;
        int newer = 0;
        for (int lane = 0; lane < DemoWriter.lanes(); lane++) {
            String name = DemoWriter.name(killed.moment(), lane);
            int last = killed.lastVersion(lane);
            String found = objects.withObject(
                            ObjectId.parse(name), GetOptions.all(), object -> Sha256.of(object.body()))
                    .defaultIfEmpty("absent")
                    .block();
            String acknowledged = last < 0 ? "absent" : digest(killed, lane, last);
            if (acknowledged.equals(found)) {
                same++;
            } else if (digest(killed, lane, last + 1).equals(found)) {
                newer++;
            } else {
                report.mismatch(name + " is neither what was acknowledged nor what was being written: " + found);
            }
        }
        return same + " as acknowledged, " + newer + " as the write that was under way, all whole";
    }

    private static String digest(KilledWriter killed, int lane, int version) {
        return DemoWriter.content(killed.moment(), lane, version).digest();
    }
}
