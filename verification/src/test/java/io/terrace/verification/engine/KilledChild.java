// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A program in a process of its own that does not end by itself, and what it says until it is dead. */
final class KilledChild {

    /** Of a process that was killed; a child that halts itself ends with it, too. */
    static final int EXIT = 137;

    private KilledChild() {}

    /** Reads what the program says, line by line, and kills it so long after the first line that counts. */
    static void runAndKill(Class<?> program, List<String> arguments, int millis, Predicate<String> note)
            throws IOException, InterruptedException {
        Process process = start(program, arguments);
        try (BufferedReader lines = process.inputReader()) {
            long deadline = Long.MAX_VALUE;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (note.test(line) && deadline == Long.MAX_VALUE) {
                    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                }
                if (System.nanoTime() > deadline) {
                    // Not process.destroyForcibly(), which would throw away what it has said already.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        awaitDeath(process);
    }

    /** Reads what the program says until it halts itself. */
    static void runUntilItHalts(Class<?> program, List<String> arguments, Consumer<String> note)
            throws IOException, InterruptedException {
        Process process = start(program, arguments);
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(note);
        }
        awaitDeath(process);
    }

    private static Process start(Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitDeath(Process process) throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("killed, not ended").isEqualTo(EXIT);
    }
}
