// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.GetOptions;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
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
        AtomicLong acknowledged = new AtomicLong();
        KilledChild.runAndKill(
                EndlessWriter.class,
                List.of(directory.toString(), String.valueOf(round * 1_000_000L)),
                millis,
                line -> acknowledged.addAndGet(note(line)) > 0);
        return acknowledged.get();
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
