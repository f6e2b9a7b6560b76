// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.GetOptions;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes to a directory is killed at some moment, again and again. What it was told stays true. */
class KillTest {

    private static final int ROUNDS = 6;

    @TempDir
    Path directory;

    /** By key, the numbers of the writes that may be the present one: the last acknowledged and those begun since. */
    private final Map<Integer, List<Long>> possible = new HashMap<>();

    @Test
    void whatWasAcknowledgedSurvivesAndNothingIsLeftBehind() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            long written = writeAndKill(round, 200 + random.nextInt(600));
            assertThat(written).as("seed %d: writes before the kill", seed).isPositive();
            assertEverythingIsThere(seed);
        }
    }

    private long writeAndKill(int round, int millis) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        directory.toString(),
                        String.valueOf(round * 1_000_000L))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long acknowledged = 0;
        try (BufferedReader lines = process.inputReader()) {
            long deadline = Long.MAX_VALUE;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged += note(line);
                if (acknowledged > 0 && deadline == Long.MAX_VALUE) {
                    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                }
                if (System.nanoTime() > deadline) {
                    // Not process.destroyForcibly(), which would throw away what it has said already.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("killed, not ended").isEqualTo(137);
        return acknowledged;
    }

    /** "begin KEY NUMBER" and "done KEY NUMBER". The last line may be cut off. */
    private int note(String line) {
        String[] words = line.split(" ");
        if (words.length != 3 || !words[2].endsWith(";")) {
            return 0;
        }
        int key = Integer.parseInt(words[1]);
        long number = Long.parseLong(words[2].substring(0, words[2].length() - 1));
        List<Long> numbers = possible.computeIfAbsent(key, k -> new ArrayList<>(List.of(-1L)));
        if (words[0].equals("begin")) {
            numbers.add(number);
            return 0;
        }
        numbers.removeIf(earlier -> earlier < number);
        return 1;
    }

    private void assertEverythingIsThere(long seed) {
        TieredObjectStore store = EndlessWriter.open(directory);
        store.recover().block();
        store.sweep().block();
        possible.forEach((key, numbers) -> {
            Long found = store.withObject(EndlessWriter.id(key), GetOptions.all(), EndlessWriter::numberOf)
                    .defaultIfEmpty(-1L)
                    .block();
            assertThat(numbers).as("seed %d, key %d", seed, key).contains(found);
            numbers.clear();
            numbers.add(Objects.requireNonNull(found));
        });
        List<Finding> findings = Objects.requireNonNull(
                store.inspect(InspectionDepth.CONTENT).collectList().block());
        assertThat(findings).as("seed %d", seed).isEmpty();
        store.closeLater(Duration.ofSeconds(10)).block();
    }
}
