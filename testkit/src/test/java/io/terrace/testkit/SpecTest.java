// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The written rules and the tests of the kit are the same set. */
class SpecTest {

    private static final Path SPEC = Path.of("..", "docs", "spec");
    private static final Pattern LINE = Pattern.compile("- \\*\\*([A-Z]{2}-\\d+\\.\\d+)\\*\\* (.+)");
    private static final String UNTESTED = "Not tested: ";

    @Test
    void everyRuleOfAClassIsCheckedByOneTest() {
        for (Class<?> kit : kits()) {
            assertThat(Rules.of(kit)).as("%s", kit).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Test
    void everyTestHasOneLineInTheSpecAndEveryLineATest() throws IOException {
        List<String> written = new ArrayList<>();
        List<String> untested = new ArrayList<>();
        for (Line line : lines()) {
            (line.text().contains(UNTESTED) ? untested : written).add(line.rule());
        }

        assertThat(untested).doesNotContainAnyElementsOf(tested());
        assertThat(written).containsExactlyInAnyOrderElementsOf(tested());
    }

    @Test
    void everyRuleIsWrittenOnThePageThatFailuresPointTo() throws IOException {
        for (Line line : lines()) {
            assertThat(line.page().getFileName())
                    .as(line.rule())
                    .hasToString(Path.of(Rules.page(line.rule())).getFileName().toString());
        }
    }

    private record Line(Path page, String rule, String text) {}

    private static List<Class<?>> kits() {
        return List.of(
                HighVolumeConformanceTest.class,
                LongTermConformanceTest.class,
                ChangeLogConformanceTest.class,
                ProviderConformanceTest.class,
                HighVolumeWireTest.class,
                LongTermWireTest.class);
    }

    private static List<String> tested() {
        return kits().stream().flatMap(kit -> Rules.of(kit).stream()).distinct().toList();
    }

    private static List<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        try (var pages = Files.newDirectoryStream(SPEC, "*.md")) {
            for (Path page : pages) {
                for (String text : Files.readAllLines(page)) {
                    Matcher line = LINE.matcher(text);
                    if (line.matches()) {
                        lines.add(new Line(page, line.group(1), line.group(2)));
                    }
                }
            }
        }
        return lines;
    }
}
