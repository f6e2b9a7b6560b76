// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What a demo says while it runs, and what it counts. */
final class DemoReport {

    private final Console console;
    private final boolean silent;
    private long objects;
    private long bytes;
    private long inline;
    private long longTerm;
    private long mismatches;
    private long orphans;
    private long dangling;

    DemoReport(Console console, boolean silent) {
        this.console = console;
        this.silent = silent;
    }

    static String line(String label, String text) {
        return String.format("%-11s %s", label, text);
    }

    void say(String label, String text) {
        if (!silent) {
            console.print(line(label, text));
        }
    }

    Progress progress(String label, long total) {
        return new Progress(console, label, total, silent);
    }

    /** A comparison that should hold. */
    String check(boolean holds) {
        mismatches += holds ? 0 : 1;
        return holds ? "ok" : "MISMATCH";
    }

    void mismatch(String what) {
        mismatches++;
        say("MISMATCH", what);
    }

    /**
     * Counts what is in the tiers when everything is over, and what is wrong with it. Reads every byte once more.
     *
     * @param prefix the storage paths that count as the demo's objects
     */
    void inspect(Path directory, String prefix) {
        try (EmbeddedStore store = EmbeddedStore.at(directory).withoutRecovery().open()) {
            RowListing rows = store.rows().facet(RowListing.class).orElseThrow();
            rows.scan(prefix, "")
                    .map(RowListing.ListedRow::head)
                    .doOnNext(this::count)
                    .blockLast();
            List<Finding> findings = Objects.requireNonNull(store.objects()
                    .inspect(InspectionDepth.CONTENT)
                    .filter(finding -> finding.kind().isFault())
                    .doOnNext(finding -> say(finding.kind().name(), finding.object() + ": " + finding.detail()))
                    .collectList()
                    .block());
            orphans = count(findings, Finding.Kind.ORPHAN);
            dangling = count(findings, Finding.Kind.DANGLING);
            mismatches += count(findings, Finding.Kind.CORRUPT);
            say(
                    "verify",
                    "every row, blob and byte once more: " + (findings.isEmpty() ? "ok" : findings.size() + " faults"));
        }
    }

    private void count(RowHead head) {
        if (head.metadata() != null) {
            objects++;
            bytes += head.metadata().size();
            inline += head.target() == null ? 1 : 0;
            longTerm += head.target() == null ? 0 : 1;
        }
    }

    private static long count(List<Finding> findings, Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).count();
    }

    String lastLine() {
        return String.format(
                "demo: %d objects, %d bytes, %d inline, %d long-term, %d mismatches, %d orphans, %d dangling",
                objects, bytes, inline, longTerm, mismatches, orphans, dangling);
    }

    boolean isGood() {
        return mismatches + orphans + dangling == 0;
    }

    long objects() {
        return objects;
    }

    long bytes() {
        return bytes;
    }

    long inline() {
        return inline;
    }

    long longTerm() {
        return longTerm;
    }

    long mismatches() {
        return mismatches;
    }

    long orphans() {
        return orphans;
    }

    long dangling() {
        return dangling;
    }
}
