// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.util.Locale;

/** How far a step is: a bar that redraws itself for a person, four lines for a file. Thread-safe. */
final class Progress {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final int LINES = 4;

    private final Console console;
    private final String label;
    private final long total;
    private final boolean silent;
    private final long started = System.nanoTime();
    private long done;
    private long drawn;
    private int lines;

    Progress(Console console, String label, long total, boolean silent) {
        this.console = console;
        this.label = label;
        this.total = total;
        this.silent = silent;
    }

    synchronized void add(long bytes) {
        done += bytes;
        if (silent) {
            return;
        }
        if (console.terminal()) {
            long now = System.nanoTime();
            if (now - drawn > REDRAW_NANOS) {
                drawn = now;
                draw();
            }
            return;
        }
        while (lines < LINES - 1 && total > 0 && done * LINES >= total * (lines + 1)) {
            lines++;
            console.print(DemoReport.line(label, lines * 100 / LINES + "%"));
        }
    }

    synchronized void end() {
        if (silent) {
            return;
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        String text = String.format(Locale.ROOT, "%s in %.1f s, %s/s", amount(done), seconds, amount((long)
                (done / Math.max(seconds, 1e-3))));
        if (console.terminal()) {
            console.out().print("\r");
            text = text + " ".repeat(WIDTH);
        }
        console.print(DemoReport.line(label, text));
    }

    private void draw() {
        int filled = total == 0 ? WIDTH : (int) Math.min(WIDTH, done * WIDTH / total);
        String bar = "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
        console.out()
                .print("\r"
                        + DemoReport.line(
                                label, bar + " " + (total == 0 ? 100 : Math.min(100, done * 100 / total)) + "%"));
        console.out().flush();
    }

    static String amount(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
