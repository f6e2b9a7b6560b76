// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.spi.HighVolumeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {

    @TempDir
    Path directory;

    @Test
    void aDirectoryThatDoesNotExistIsMade() {
        Path root = directory.resolve("a/b/c");
        open(root);
        assertThat(root.resolve("FORMAT")).hasContent("terrace-localfs 1");
    }

    @Test
    void anEmptyDirectoryIsTakenIntoUseAlsoWhenItIsAFreshVolumeOrAnAttemptDied() throws IOException {
        Files.createDirectory(directory.resolve("lost+found"));
        Files.createFile(directory.resolve("LOCK"));
        Files.createDirectories(directory.resolve("tmp/0"));
        open(directory);
        assertThat(directory.resolve("FORMAT")).exists();
    }

    @Test
    void aDirectoryThatHoldsSomethingElseIsRefusedAndNotTouched() throws IOException {
        Files.writeString(directory.resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'thesis.txt'")
                .hasMessageContaining("Choose an empty directory");
        assertThat(Samples.filesBelow(directory)).hasSize(1);
    }

    @Test
    void aLaterVersionIsRefused() throws IOException {
        Files.writeString(directory.resolve("FORMAT"), "terrace-localfs 2\n");
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("format version 2")
                .hasMessageContaining("or a later one");
    }

    @Test
    void aFormatFileOfSomethingElseIsRefused() throws IOException {
        Files.writeString(directory.resolve("FORMAT"), "sqlite 3\n");
        assertThatThrownBy(() -> open(directory)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> open(file)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void whatDeadProcessesLeftIsSweptAndWhatIsInUseStays() throws IOException {
        // Slot 0 will be taken over by this process, 3 is left to nobody, 5 belongs to a process that lives.
        for (String slot : List.of("0", "3", "5")) {
            Files.createDirectories(directory.resolve("tmp").resolve(slot));
            Files.writeString(directory.resolve("tmp").resolve(slot).resolve("1"), "half a row");
        }
        Files.writeString(directory.resolve("tmp/README"), "not a slot");
        Path lock = Files.createFile(directory.resolve("LOCK"));
        try (ChildProcess holder = ChildProcess.start("holdSlot", lock, 5)) {
            holder.awaitLine("held");
            open(directory);
            assertThat(Samples.filesBelow(directory.resolve("tmp")))
                    .containsExactly(directory.resolve("tmp/5/1"), directory.resolve("tmp/README"));
        }
        open(directory);
        assertThat(Samples.filesBelow(directory.resolve("tmp"))).containsExactly(directory.resolve("tmp/README"));
    }

    @Test
    void manyMayOpenAFreshDirectoryAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> opened = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            opened.add(threads.submit(() -> open(directory.resolve("fresh"))));
        }
        for (Future<?> one : opened) {
            one.get();
        }
        threads.shutdown();
        assertThat(directory.resolve("fresh/FORMAT")).exists();
    }

    private static void open(Path root) {
        HighVolumeBackend rows = LocalFs.at(root, RUNTIME).rows();
        await(rows.closeLater());
    }
}
