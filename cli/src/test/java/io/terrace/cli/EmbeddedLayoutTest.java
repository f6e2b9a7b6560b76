// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.tiered.TieredObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory is opened as what it is, and a new one is made with its rows in RocksDB. */
class EmbeddedLayoutTest {

    @TempDir
    Path temp;

    @Test
    void aNewStoreHasItsRowsInRocksDb() {
        Path data = temp.resolve("store");
        put(data, "media/_/a").succeeds();

        assertThat(data.resolve("rows/FORMAT")).content().startsWith("terrace-rocksdb ");
        assertThat(data.resolve("files/FORMAT")).content().startsWith("terrace-localfs ");
        assertThat(data.resolve("files/rows")).doesNotExist();
        assertThat(get(data, "media/_/a").succeeds().out()).isEqualTo("bytes");
    }

    @Test
    void aDirectoryWhoseRowsAreFilesKeepsThemThere() {
        Path data = temp.resolve("older");
        Map<String, String> disk = Map.of("path", data.toString());
        TieredObjectStore older = TieredObjectStore.builder()
                .highVolume("localfs", disk)
                .longTerm("localfs", disk)
                .changeLog("localfs", disk)
                .build();
        older.put(ObjectId.parse("media/_/small"), ObjectMetadata.defaults(), Payload.of("small".getBytes(UTF_8)))
                .block();
        older.put(ObjectId.parse("media/_/large"), ObjectMetadata.defaults(), Payload.of(new byte[2_000_000]))
                .block();
        older.closeLater(Duration.ofSeconds(10)).block();

        assertThat(get(data, "media/_/small").succeeds().out()).isEqualTo("small");
        assertThat(get(data, "media/_/large").succeeds().bytes()).isEqualTo(new byte[2_000_000]);
        put(data, "media/_/new").succeeds();
        assertThat(get(data, "media/_/new").succeeds().out()).isEqualTo("bytes");
        Run.of("verify", "--data", data.toString()).succeeds();
        assertThat(Run.of("recover", "--data", data.toString()).succeeds().out())
                .as("nothing passes for garbage")
                .contains("blobs: 1 kept, 0 deleted");
        assertThat(data.resolve("rows/media")).isDirectory();
        assertThat(data.resolve("files")).doesNotExist();
    }

    @Test
    void aStoreWithoutItsRowsIsNotBegunAnew() throws IOException {
        Path data = temp.resolve("store");
        put(data, "media/_/a").succeeds();
        DemoDirectory.delete(data.resolve("rows"));

        put(data, "media/_/b").fails(ExitCode.USAGE, "rows of the store", "are gone", "restore");
        Run.of("ls", "--data", data.toString()).fails(ExitCode.USAGE, "are gone");
        assertThat(data.resolve("rows")).doesNotExist();
    }

    @Test
    void whatDiedBeforeItWasCompleteIsTakenIntoUse() throws IOException {
        Path data = Files.createDirectories(temp.resolve("store/rows")).getParent();
        Run.of("ls", "--data", data.toString()).fails(ExitCode.USAGE, "there is no store");
        put(data, "media/_/a").succeeds();
        DemoDirectory.delete(data.resolve("files"));
        Run.of("ls", "--data", data.toString()).succeeds();
    }

    private static Run put(Path data, String name) {
        return Run.withInput("bytes".getBytes(UTF_8), "put", "-", name, "--data", data.toString());
    }

    private static Run get(Path data, String name) {
        return Run.of("get", name, "-", "--data", data.toString());
    }
}
