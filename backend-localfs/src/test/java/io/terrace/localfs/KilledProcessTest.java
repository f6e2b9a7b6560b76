// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.ScanScope;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed in the middle of its work. */
class KilledProcessTest {

    @TempDir
    Path root;

    @RepeatedTest(2)
    void whatWasAcknowledgedSurvivesAndNothingIsTorn(RepetitionInfo repetition) throws Exception {
        List<String> said = new ArrayList<>();
        try (ChildProcess writer = ChildProcess.start("write", root)) {
            int enough = 10 * repetition.getCurrentRepetition();
            while (Stream.of("row", "blob", "entry", "removed")
                    .anyMatch(verb -> saying(verb, said).size() < enough)) {
                said.add(writer.nextLine());
            }
            said.addAll(writer.kill());
        }
        checkRows(said);
        checkBlobs(said);
        checkLog(said);
        // Opening swept what the dead process was about to write.
        assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
    }

    @Test
    void theLogOfAnotherProcessIsRefusedAndThatOfADeadOneTakenOver() throws Exception {
        try (ChildProcess owner = ChildProcess.start("openLog", root)) {
            owner.awaitLine("open");
            assertThatThrownBy(() -> LocalFs.at(root, RUNTIME).changeLog())
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("is in use by process ");
            owner.kill();
        }
        ChangeLog log = LocalFs.at(root, RUNTIME).changeLog();
        assertThat(await(log.check()).healthy()).isTrue();
        await(log.closeLater());
    }

    private void checkRows(List<String> said) {
        Map<String, Integer> acknowledged = new HashMap<>();
        for (String[] words : saying("row", said)) {
            acknowledged.merge("row" + words[1], Integer.parseInt(words[2]), Math::max);
        }
        assertThat(acknowledged).isNotEmpty();
        HighVolumeBackend rows = LocalFs.at(root, RUNTIME).rows();
        acknowledged.forEach((key, number) -> {
            ByteBuffer payload = await(rows.read(id(key), RowProjection.FULL)).payload();
            byte[] found = new byte[payload.remaining()];
            payload.get(found);
            // The acknowledged one, or the one after it that was under way.
            assertThat(List.of(Children.row(number), Children.row(number + 5)))
                    .anyMatch(row -> java.util.Arrays.equals(row, found));
        });
        assertThat(await(((RowListing) rows).scan("", ""))).hasSizeGreaterThanOrEqualTo(acknowledged.size());
        await(rows.closeLater());
    }

    private void checkBlobs(List<String> said) {
        Map<String, Integer> acknowledged = new HashMap<>();
        for (String[] words : saying("blob", said)) {
            acknowledged.put(words[1], Integer.parseInt(words[2]));
        }
        assertThat(acknowledged).isNotEmpty();
        LongTermBackend blobs = LocalFs.at(root, RUNTIME).blobs();
        Set<String> found = new HashSet<>();
        for (BlobId blob : await(((BlobListing) blobs).list(""))) {
            byte[] body = Samples.readAll(blobs, blob);
            assertThat(body).hasSize(200_000);
            Integer number = acknowledged.get(blob.uuid().toString());
            if (number != null) {
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                for (int part = 0; part < 5; part++) {
                    expected.writeBytes(Children.part(number, part));
                }
                assertThat(body).isEqualTo(expected.toByteArray());
            }
            found.add(blob.uuid().toString());
        }
        assertThat(found).containsAll(acknowledged.keySet());
        await(blobs.closeLater());
    }

    private void checkLog(List<String> said) {
        // Said before it is done, so the last line counts: what was being removed may be gone.
        Set<String> removed = words("removing", said);
        Set<String> claimed = words("claimed", said);
        Set<String> appended = words("entry", said);
        appended.removeAll(removed);
        ChangeLog log = LocalFs.at(root, RUNTIME).changeLog();
        Map<String, ChangeEntry> found = await(log.scan(ScanScope.ALL)).stream()
                .collect(Collectors.toMap(entry -> entry.id().toString(), entry -> entry));
        assertThat(appended).isNotEmpty();
        assertThat(found.keySet()).containsAll(appended).doesNotContainAnyElementsOf(words("removed", said));
        assertThat(claimed).allSatisfy(id -> assertThat(found.get(id).state()).isEqualTo(ChangeEntry.State.CLAIMED));
        await(log.closeLater());
    }

    private static Set<String> words(String verb, List<String> said) {
        return saying(verb, said).stream().map(words -> words[1]).collect(Collectors.toCollection(HashSet::new));
    }

    /** The last line may be cut off, like anything else, and then says nothing. */
    private static List<String[]> saying(String verb, List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith(verb + " ") && line.endsWith("."))
                .map(line -> line.substring(0, line.length() - 1).split(" "))
                .toList();
    }
}
