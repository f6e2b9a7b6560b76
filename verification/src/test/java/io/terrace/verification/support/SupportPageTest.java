// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportPageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final SupportPage PAGE = new SupportPage(Map.of("HV-1", "Every call", "HV-7", "Listing"));

    @Test
    void thePageSaysWhatTheKitFoundInThisBuild() throws IOException {
        String start = System.getProperty("terrace.build.start", "");
        assumeTrue(!start.isEmpty(), "not in a build: reports that are here may be of any age");
        List<SupportReport> reports = new ArrayList<>(SupportReport.writtenSince(Instant.parse(start), ROOT));
        Set<String> missing = new TreeSet<>(SupportReport.tests(ROOT));
        reports.removeIf(report -> !report.isComplete() || !missing.remove(report.test()));
        assumeTrue(missing.isEmpty(), () -> "not run, or not as a whole, in this build: " + missing);

        String made = new SupportPage(SupportPage.titles(ROOT.resolve("docs/spec"))).of(reports);
        Path page = ROOT.resolve("docs/support.md");
        if (Boolean.getBoolean("terrace.support.write")) {
            Files.writeString(page, made);
        }
        assertThat(page)
                .as("what the kit found has changed; write the page anew with -Dterrace.support.write=true")
                .hasContent(made);
    }

    @Test
    void theTestsOfOurBackendsAreFound() throws IOException {
        assertThat(SupportReport.tests(ROOT))
                .contains(
                        "io.terrace.inmemory.InMemoryRowsConformanceTest",
                        "io.terrace.localfs.LocalFsProviderConformanceTest");
    }

    @Test
    void aReportFromBeforeTheBuildIsLeftOut(@TempDir Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve("backend-a/target/terrace-conformance"));
        Path report = Files.writeString(directory.resolve("a-high-volume.json"), report("a", "", "kept", "kept"));
        Instant start = Instant.parse("2026-01-01T00:00:00Z");

        Files.setLastModifiedTime(report, FileTime.from(start.minusSeconds(1)));
        assertThat(SupportReport.writtenSince(start, root)).isEmpty();
        Files.setLastModifiedTime(report, FileTime.from(start));
        assertThat(SupportReport.writtenSince(start, root)).hasSize(1);
    }

    @Test
    void aReportOfAFewRulesIsNotComplete() {
        assertThat(SupportReport.parse(report("a", "", "kept", "kept")).isComplete())
                .isTrue();
        assertThat(SupportReport.parse(report("a", "", "kept", "not-run")).isComplete())
                .isFalse();
    }

    @Test
    void eachBackendHasAColumnAndWhatItDoesNotKeepAReason() {
        String page = PAGE.of(List.of(
                SupportReport.parse(report("two", "", "kept", "deviates")),
                SupportReport.parse(report("one", "odd", "kept", "skipped"))));

        assertThat(page).endsWith("""
                        ## Rows

                        |  | one (odd) | two |
                        |---|---|---|
                        | declares | DURABLE | DURABLE |
                        | facets | RowListing | RowListing |
                        | HV-1 Every call | kept | kept |
                        | HV-7 Listing | does not apply | kept; deviates: HV-7.1 |

                        - one (odd), HV-7.1: why
                        - two, HV-7.1: why (https://issues.invalid/1)
                        """);
    }

    @Test
    void anotherOutcomeIsAnotherPage() {
        assertThat(PAGE.of(List.of(SupportReport.parse(report("a", "", "kept", "skipped")))))
                .isNotEqualTo(PAGE.of(List.of(SupportReport.parse(report("a", "", "kept", "kept")))));
    }

    private static String report(String backend, String variant, String first, String second) {
        String url = second.equals("deviates") ? ", \"url\": \"https://issues.invalid/1\"" : "";
        String reason = second.equals("kept") ? "" : ", \"reason\": \"why\"";
        return """
                {"test": "T", "backend": "%s", "role": "high-volume", "variant": "%s",
                 "capabilities": ["DURABLE"], "facets": ["RowListing"],
                 "rules": [{"rule": "HV-1.1", "outcome": "%s"}, {"rule": "HV-7.1", "outcome": "%s"%s%s}]}
                """.formatted(backend, variant, first, second, reason, url);
    }
}
