// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.GetOptions;
import io.terrace.ObjectInfo;
import io.terrace.UploadGoneException;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.verification.engine.EndlessUploader.End;
import io.terrace.verification.engine.HaltAt.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * R10: a process that uploads in parts to a directory is killed, at some moment or at each step of a complete and of an abort.
 * What it was told stays true, what was under way happened as a whole or not at all, and a complete that is repeated by
 * somebody else answers as the first one did or would have done.
 *
 * <p>{@code -Dterrace.kill.rounds=N} kills more often at some moment, {@code -Dterrace.seed=S} at the moments of a failure.
 */
class UploadKillTest {

    private static final int ROUNDS = Integer.getInteger("terrace.kill.rounds", 2);
    private static final int UPLOADS_OF_A_ROUND = 1_000_000;

    @TempDir
    Path directory;

    private final Map<Integer, Known> known = new HashMap<>();

    /** What is known of a key from what the dead process said. */
    private static final class Known {
        /** The numbers of the values that may be the present one; none is -1. */
        private final List<Integer> possible = new ArrayList<>(List.of(-1));
        /** Of the last upload: its number, what was done with it, and what that takes. */
        private int number;

        private String done = "";
        private @Nullable String etag;
        private @Nullable UploadId upload;
        private List<UploadedPart> parts = List.of();
    }

    @Test
    void whatWasAcknowledgedSurvivesAKillAtAnyMoment() throws Exception {
        long seed = Long.getLong("terrace.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            KilledChild.runAndKill(
                    EndlessUploader.class,
                    List.of(directory.toString(), String.valueOf(round * UPLOADS_OF_A_ROUND)),
                    100 + random.nextInt(500),
                    this::note);
            assertThat(known).as("seed %d: uploads before the kill", seed).isNotEmpty();
            assertAllIsWell("seed " + seed + ", round " + round);
        }
    }

    /** After a step is before the next one, so one side of each will do. */
    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(End.COMPLETE, new Point(SpiOperation.RECORD_REPLACE, 1, false)),
                Arguments.of(End.COMPLETE, new Point(SpiOperation.RECORD_REPLACE, 1, true)),
                Arguments.of(End.COMPLETE, new Point(SpiOperation.UPLOAD_COMPLETE, 1, true)),
                Arguments.of(End.COMPLETE, new Point(SpiOperation.ROW_CAS, 1, true)),
                Arguments.of(End.COMPLETE, new Point(SpiOperation.BLOB_DELETE, 1, true)),
                Arguments.of(End.COMPLETE, new Point(SpiOperation.RECORD_REPLACE, 2, true)),
                Arguments.of(End.ABORT, new Point(SpiOperation.RECORD_REPLACE, 1, true)),
                Arguments.of(End.ABORT, new Point(SpiOperation.UPLOAD_ABORT, 1, true)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("steps")
    void aProcessMayEndBetweenAnyTwoDurableSteps(End end, Point point) throws Exception {
        haltAt(end, point);
        assertAllIsWell(end + " " + point);
    }

    @Test
    void aProcessThatSaysTooSoonThatItIsDoneIsNoticed() throws Exception {
        haltAt(End.BOAST, new Point(SpiOperation.ROW_CAS, 1, false));
        assertThatThrownBy(() -> assertAllIsWell("boast"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the value");
    }

    private void haltAt(End end, Point point) throws Exception {
        KilledChild.runUntilItHalts(
                EndlessUploader.class, List.of(directory.toString(), "0", point.toString(), end.name()), this::note);
    }

    /** Lines as {@link EndlessUploader} says them. The last one may be cut off. True if something was done. */
    private boolean note(String line) {
        if (!line.endsWith(";")) {
            return false;
        }
        String[] words = line.substring(0, line.length() - 1).split(" ");
        Known key = known.computeIfAbsent(Integer.parseInt(words[1]), k -> new Known());
        key.number = Integer.parseInt(words[2]);
        key.done = words[0];
        switch (words[0]) {
            case "begin" -> key.possible.add(key.number);
            case "completing", "aborting" -> {
                if (words[0].equals("completing")) {
                    key.possible.add(key.number);
                }
                key.upload = new UploadId(words[3]);
                key.parts = IntStream.range(4, words.length)
                        .mapToObj(i -> new UploadedPart(i - 3, words[i]))
                        .toList();
                key.etag = null;
            }
            case "done" -> {
                key.possible.removeIf(number -> number != key.number);
                key.etag = words[3];
            }
            case "aborted" -> {}
            default -> throw new AssertionError("not a line of the program: " + line);
        }
        return words[0].equals("done");
    }

    private void assertAllIsWell(String what) {
        try (LeftBehind left = new LeftBehind(directory)) {
            known.forEach((key, last) -> {
                String where = what + ", key " + key + " after '" + last.done + " " + last.number + "'";
                assertThat(last.possible).as("%s: the value", where).contains(value(left.store, key));
                if (last.upload != null) {
                    repeat(left.store, key, last, where);
                }
            });
            left.assertNothingElseIsThere(what);
            known.forEach((key, last) -> assertThat(last.possible)
                    .as("%s, key %d: the value in the end", what, key)
                    .containsExactly(value(left.store, key)));
        }
    }

    /** The caller of the dead process calls another one. */
    private void repeat(TieredObjectStore store, int key, Known last, String where) {
        UploadId upload = Objects.requireNonNull(last.upload);
        if (last.done.startsWith("abort")) {
            store.uploads().abort(EndlessWriter.id(key), upload).block();
            assertThatThrownBy(() -> store.uploads()
                            .complete(EndlessWriter.id(key), upload, last.parts)
                            .block())
                    .as(where)
                    .isInstanceOf(UploadGoneException.class);
        } else {
            ObjectInfo info = Objects.requireNonNull(store.uploads()
                    .complete(EndlessWriter.id(key), upload, last.parts)
                    .block());
            last.possible.removeIf(number -> number != last.number);
            ObjectInfo head =
                    Objects.requireNonNull(store.head(EndlessWriter.id(key)).block());
            assertThat(info).as("%s: the answer", where).isEqualTo(head);
            if (last.etag != null) {
                assertThat(info.etag()).as("%s: the answer as before", where).isEqualTo(last.etag);
            }
        }
        assertThat(last.possible).as("%s: the value once more", where).contains(value(store, key));
        last.possible.retainAll(List.of(value(store, key)));
    }

    private static int value(TieredObjectStore store, int key) {
        return store.withObject(EndlessWriter.id(key), GetOptions.all(), EndlessWriter::numberOf)
                .map(Long::intValue)
                .defaultIfEmpty(-1)
                .blockOptional()
                .orElseThrow();
    }
}
