// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.spi.RowProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {

    @TempDir
    Path parent;

    @TempDir
    Path temporary;

    @Test
    void aDirectoryIsMadeWithItsParentsAndSaysWhatItIs() throws IOException {
        Path root = parent.resolve("a/b/store");
        RocksDbRows rows = open(root);
        await(rows.putUnlessTombstone(id("key"), RUNTIME.newWriteId(), inline("text")));
        await(rows.closeLater());

        assertThat(root.resolve("FORMAT")).hasContent("terrace-rocksdb 1");
        RocksDbRows again = open(root);
        assertThat(Samples.text(await(again.read(id("key"), RowProjection.FULL)).payload()))
                .isEqualTo("text");
        await(again.closeLater());
    }

    @Test
    void aDirectoryIsOpenOnceInAProcess() {
        RocksDbRows rows = open(parent);

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining(
                        "are in use by process " + ProcessHandle.current().pid())
                .hasMessageContaining("Close that one");
        await(rows.putUnlessTombstone(id("key"), RUNTIME.newWriteId(), inline("text")));
        await(rows.closeLater());
        await(open(parent).closeLater());
    }

    @Test
    void aDirectoryOfAnotherProcessIsRefusedAndThatOfADeadOneTakenOver() throws Exception {
        try (ChildProcess owner = ChildProcess.start("hold", temporary, parent)) {
            owner.awaitLine("open");
            assertThatThrownBy(() -> open(parent))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("are in use by process " + owner.pid());
            owner.kill();
        }
        RocksDbRows rows = open(parent);
        assertThat(await(rows.check()).healthy()).isTrue();
        await(rows.closeLater());
    }

    @Test
    void aDirectoryOfAnotherKindIsLeftAlone() throws IOException {
        Files.writeString(parent.resolve("FORMAT"), "terrace-localfs 1\n");
        assertRefused("says 'terrace-localfs 1'");
    }

    @Test
    void aDirectoryOfALaterVersionIsLeftAlone() throws IOException {
        Files.writeString(parent.resolve("FORMAT"), "terrace-rocksdb 2\n");
        assertRefused("format version 2");
    }

    @Test
    void aDirectoryThatHoldsSomethingElseIsLeftAlone() throws IOException {
        Files.writeString(parent.resolve("letter.txt"), "Dear all,");
        assertRefused("it holds 'letter.txt'");
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "text");
        assertThatThrownBy(() -> open(file)).isInstanceOf(ConfigurationException.class);
        assertThat(file).hasContent("text");
    }

    @Test
    void rowsThatAreGoneAreNotReplacedByNone() throws IOException {
        await(open(parent).closeLater());
        Path files = parent.resolve("rocksdb");
        Files.move(files, parent.resolve("elsewhere"));

        assertThatThrownBy(() -> open(parent)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> open(parent))
                .as("nor is what the first attempt left taken for a store")
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void whatDiedBeforeItWasCompleteIsTakenIntoUse() throws IOException {
        await(open(parent).closeLater());
        Files.delete(parent.resolve("FORMAT"));
        await(open(parent).closeLater());
        assertThat(parent.resolve("FORMAT")).hasContent("terrace-rocksdb 1");
    }

    @Test
    void aColumnFamilyOfALaterVersionIsRefused() throws Exception {
        await(open(parent).closeLater());
        Foreign.addColumnFamily(parent.resolve("rocksdb"), "later");

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("later")
                .hasMessageContaining("Open the directory with the program that wrote it");
    }

    private void assertRefused(String why) throws IOException {
        Map<String, String> before = contents();
        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(parent.toString())
                .hasMessageContaining(why);
        assertThat(contents()).isEqualTo(before);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(parent)) {
            for (Path file : List.copyOf(files.toList())) {
                contents.put(file.toString(), Files.isDirectory(file) ? "/" : Files.readString(file));
            }
        }
        return contents;
    }

    private static RocksDbRows open(Path root) {
        return RocksDbRows.builder(root, RUNTIME).fsync(false).build();
    }
}
