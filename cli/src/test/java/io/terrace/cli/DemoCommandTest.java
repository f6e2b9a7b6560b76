// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.terrace.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

    private static final int LARGE = 2_500_000;

    @TempDir
    Path files;

    private void makeFiles() throws IOException {
        Files.writeString(files.resolve("small"), "small");
        Files.createFile(files.resolve("empty"));
        Files.write(Files.createDirectories(files.resolve("a/b")).resolve("ü large"), new byte[LARGE]);
    }

    @Test
    void aDemoStoresKillsAndRecoversAndWhatIsDamagedAfterwardsCounts() throws IOException {
        makeFiles();
        Run demo = Run.of("demo", files.toString(), "--keep").succeeds();
        List<String> lines = demo.lines();
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo(
                        "demo: 3 objects, 2500005 bytes, 2 inline, 1 long-term, 0 mismatches, 0 orphans, 0 dangling");
        assertThat(lines).filteredOn(line -> line.startsWith("kill -9")).hasSize(DemoWriter.Moment.values().length);
        assertThat(lines)
                .filteredOn(line -> line.contains("left behind:"))
                .hasSize(3)
                .as("a change is always caught half-way where the writer stopped on purpose")
                .satisfies(left -> assertThat(left.subList(0, 2)).noneMatch(line -> line.contains(" 0 open changes")));
        assertThat(lines)
                .filteredOn(line -> line.contains("; then 0 open changes, 0 orphans, 0 dangling"))
                .hasSize(3);
        Path store = directoryOf(demo).resolve("store");
        try {
            Run.of("verify", "--data", store.toString()).succeeds();
            Run.of("rm", "demo/_/small", "--data", store.toString()).succeeds();
            try (Stream<Path> walk = Files.walk(store.resolve("files/blobs"))) {
                Files.delete(walk.filter(Files::isRegularFile)
                        .filter(path -> path.toString().contains("/demo/"))
                        .findFirst()
                        .orElseThrow());
            }
            DemoReport report = new DemoReport(new Console(System.in, System.out, System.err, false), true);
            report.inspect(store, DemoObjects.PREFIX);
            assertThat(report.lastLine())
                    .isEqualTo(
                            "demo: 2 objects, 2500000 bytes, 1 inline, 1 long-term, 0 mismatches, 0 orphans, 1 dangling");
            assertThat(report.isGood()).isFalse();
        } finally {
            DemoDirectory.delete(directoryOf(demo));
        }
    }

    @Test
    void theDirectoryOfADemoGoesAwayWithItUnlessItIsKept() throws IOException {
        Path gone;
        try (DemoDirectory directory = DemoDirectory.create(0, false)) {
            gone = Files.createDirectories(directory.store());
            Files.writeString(gone.resolve("file"), "x");
        }
        assertThat(gone.getParent()).doesNotExist();
        Path kept;
        try (DemoDirectory directory = DemoDirectory.create(0, true)) {
            kept = Files.createDirectories(directory.store());
        }
        assertThat(kept).exists();
        DemoDirectory.delete(kept.getParent());
        assertThat(kept.getParent()).doesNotExist();
    }

    @Test
    void aDemoThatDoesNotFitSaysSo() {
        assertThatThrownBy(() -> DemoDirectory.create(Long.MAX_VALUE / 2, false))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.LOCAL_IO))
                .hasMessageContaining("room");
    }

    @Test
    void theResultHasAJsonForm() {
        DemoReport report = new DemoReport(new Console(System.in, System.out, System.err, false), true);
        report.mismatch("what");
        JsonNode result = DemoCommand.result(report);
        assertThat(result.path("mismatches").asLong()).isEqualTo(1);
        assertThat(result.path("dangling").asLong(-1)).isZero();
    }

    @Test
    void aDirectoryWithoutFilesIsRefused() {
        Run.of("demo", files.toString()).fails(ExitCode.USAGE, "no file");
        Run.of("demo", files.resolve("absent").toString()).fails(ExitCode.USAGE, "not a directory");
    }

    @Test
    void aMismatchIsCountedAndIsNotGood() {
        DemoReport report = new DemoReport(new Console(System.in, System.out, System.err, false), true);
        assertThat(report.check(true)).isEqualTo("ok");
        assertThat(report.isGood()).isTrue();
        assertThat(report.check(false)).isEqualTo("MISMATCH");
        report.mismatch("what");
        assertThat(report.mismatches()).isEqualTo(2);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void theWritersContentIsTheSameInEveryProcess() {
        DemoContent content = new DemoContent("name", 1, 100_000);
        assertThat(content.digest())
                .isEqualTo(new DemoContent("name", 1, 100_000).digest())
                .isNotEqualTo(new DemoContent("name", 2, 100_000).digest())
                .isNotEqualTo(new DemoContent("other", 1, 100_000).digest());
        assertThat(ObjectId.parse(DemoWriter.name(DemoWriter.Moment.ANY, 0)).key())
                .isEqualTo("0");
    }

    private static Path directoryOf(Run demo) {
        Matcher matcher = Pattern.compile("(?m)^store +(.+)/store$").matcher(demo.out());
        assertThat(matcher.find()).isTrue();
        return Path.of(matcher.group(1));
    }
}
