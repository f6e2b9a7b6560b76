// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands over a store that a file describes. */
class StoreOptionTest {

    private static final String FILE = """
            terrace:
              high-volume: { backend: localfs, options: { path: rows } }
              long-term:   { backend: localfs, options: { path: blobs, fsync: never } }
              change-log:  { backend: localfs, options: { path: rows } }
              inline-threshold: 4
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void describeAStore() throws IOException {
        file = Files.writeString(directory.resolve("store.yaml"), FILE);
    }

    private Run run(String command, String... options) {
        return Run.withInput(
                "a longer one".getBytes(UTF_8),
                Stream.concat(
                                Stream.of(command),
                                Stream.concat(Stream.of(options), Stream.of("--store", file.toString())))
                        .toArray(String[]::new));
    }

    @Test
    void everyCommandWorksOverTheTiersOfTheFile() {
        run("put", "-", "media/_/a").succeeds();
        assertThat(run("get", "media/_/a", "-").succeeds().out()).isEqualTo("a longer one");
        assertThat(run("head", "media/_/a").succeeds().out()).contains("12");
        assertThat(run("ls").succeeds().out()).contains("media/_/a");
        assertThat(run("verify").succeeds().out()).startsWith("verify: 0 dangling, 0 orphan");
        assertThat(run("recover").succeeds().out()).contains("blobs: 1 kept");
        run("rm", "media/_/a").succeeds();
        run("head", "media/_/a").fails(ExitCode.NOT_FOUND);
    }

    @Test
    void initSaysForEachTierWhatItDidAndMayBeRepeated() {
        for (int i = 0; i < 2; i++) {
            assertThat(run("init").succeeds().out().lines())
                    .containsExactly(
                            "high-volume: Nothing has to be made before the backend 'localfs' is opened.",
                            "long-term: Nothing has to be made before the backend 'localfs' is opened.",
                            "change-log: Nothing has to be made before the backend 'localfs' is opened.");
        }
        JsonNode first = Run.parse(
                run("init", "--json").succeeds().out().lines().findFirst().orElseThrow());
        assertThat(first.path("tier").asText()).isEqualTo("high-volume");
        assertThat(first.path("done").asText()).startsWith("Nothing has to be made");
        run("put", "-", "media/_/a").succeeds();
        run("init").succeeds();
        run("head", "media/_/a").succeeds();
    }

    @Test
    void initChecksTheWholeFileAndNeedsOne() throws IOException {
        Files.writeString(file, FILE.replace(": 4", ": 4 bytes"));
        run("init").fails(ExitCode.USAGE, "store.yaml", "inline-threshold");
        Run.of("init").fails(ExitCode.USAGE, "--store");
    }

    @Test
    void relativePathsAreRelativeToTheFile() {
        run("put", "-", "media/_/a").succeeds();
        assertThat(directory.resolve("rows")).isDirectory();
        assertThat(directory.resolve("blobs/blobs")).isNotEmptyDirectory();
    }

    @Test
    void aFileAndADirectoryExcludeEachOtherAndOneIsNeeded() {
        run("ls", "--data", directory.toString()).fails(ExitCode.USAGE, "--data", "--store");
        Run.of("ls").fails(ExitCode.USAGE, "--data", "--store");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceAndNothingIsMade() throws IOException {
        Files.writeString(
                file, FILE.replace("path: blobs", "pth: blobs").replace(": 4", ": 4 bytes") + "  pin: true\n");
        run("put", "-", "media/_/a")
                .fails(
                        ExitCode.USAGE,
                        "store.yaml",
                        "terrace.long-term.options.pth: unknown option 'pth'; did you mean 'path'?",
                        "terrace.inline-threshold: option 'inline-threshold' is '4 bytes': expected",
                        "terrace.pin: unknown key 'pin'; did you mean 'pins'?");
        assertThat(directory).isDirectoryNotContaining("glob:**rows");
        JsonNode error = Run.parse(run("ls", "--json").err()).path("error");
        assertThat(error.path("exit").asInt()).isEqualTo(ExitCode.USAGE);
        assertThat(error.path("message").asText()).contains("terrace.pin: ");
    }

    @Test
    void aStoreThatSomebodyHasIsBusy() throws Exception {
        run("put", "-", "media/_/a").succeeds();
        try (OpenedStore holder = ConfiguredStore.open(file, true)) {
            assertThat(holder.objects().check().block()).isNotNull();
            run("ls").fails(ExitCode.UNAVAILABLE, "in use");
        }
        run("ls").succeeds();
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        Run.of("ls", "--store", "absent.yaml").fails(ExitCode.USAGE, "there is no file 'absent.yaml'");
    }
}
