// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** A {@link DemoWriter} that ran in a process of its own until it was killed, and what it had said by then. */
final class KilledWriter {
    private static final int PATIENCE_SECONDS = 60;
    /** Long enough for several writes, short enough for a demo. */
    private static final int LEAST_MILLIS = 200;

    private static final int MOST_MILLIS = 1200;

    private final DemoWriter.Moment moment;
    private final int[] lastVersions = new int[DemoWriter.lanes()];
    private int acknowledged;
    private boolean killed;

    private KilledWriter(DemoWriter.Moment moment) {
        this.moment = moment;
        Arrays.fill(lastVersions, -1);
    }

    static KilledWriter run(DemoDirectory directory, DemoWriter.Moment moment) throws IOException {
        KilledWriter writer = new KilledWriter(moment);
        Process process = new ProcessBuilder(command(directory.store(), moment))
                .redirectError(directory.complaints().toFile())
                .start();
        directory.owns(process);
        Disposable patience =
                Schedulers.parallel().schedule(process::destroyForcibly, PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            writer.listen(process);
        } finally {
            patience.dispose();
            process.destroyForcibly();
        }
        process.onExit().join();
        if (!writer.killed) {
            throw new IllegalStateException("the writer ended by itself, with code " + process.exitValue() + ": "
                    + Files.readString(directory.complaints()).strip());
        }
        return writer;
    }

    private static List<String> command(Path store, DemoWriter.Moment moment) {
        return List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseSerialGC",
                // Otherwise it would unpack a library of its own, and leave it where it was when it is killed.
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo-writer",
                "--data",
                store.toString(),
                "--moment",
                moment.name());
    }

    /** To the end, which comes after the kill: what was said before it counts. */
    private void listen(Process process) throws IOException {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length != 4 || !words[3].equals(DemoWriter.END)) {
                    continue;
                }
                if (words[0].equals(DemoWriter.HELD)) {
                    kill(process);
                } else {
                    note(words[1], Integer.parseInt(words[2]));
                    if (moment == DemoWriter.Moment.ANY && acknowledged == 1) {
                        Schedulers.parallel()
                                .schedule(
                                        () -> kill(process),
                                        ThreadLocalRandom.current().nextInt(LEAST_MILLIS, MOST_MILLIS),
                                        TimeUnit.MILLISECONDS);
                    }
                }
            }
        }
    }

    private void note(String name, int version) {
        acknowledged++;
        for (int lane = 0; lane < lastVersions.length; lane++) {
            if (name.equals(DemoWriter.name(moment, lane))) {
                lastVersions[lane] = version;
            }
        }
    }

    private synchronized void kill(Process process) {
        killed = true;
        // By its handle: the process itself would close the pipe, and what was said before would be lost.
        process.toHandle().destroyForcibly();
    }

    DemoWriter.Moment moment() {
        return moment;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** -1 if none was acknowledged. */
    int lastVersion(int lane) {
        return lastVersions[lane];
    }
}
