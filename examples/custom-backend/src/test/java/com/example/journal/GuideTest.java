// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every snippet of the guide is in this module, or in the place that it is quoted from, line for line. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/write-a-backend.md");
    private static final Pattern SNIPPET =
            Pattern.compile("^```(java|xml|text)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    /** Besides the sources of this module. */
    private static final List<String> QUOTED = List.of(
            "pom.xml",
            "../../pom.xml",
            "../../README.md",
            "../../testkit/src/main/java/io/terrace/testkit/HighVolumeConformanceTest.java");

    @Test
    void everySnippetIsInTheExample() throws IOException {
        List<String> sources = sources();
        List<String> snippets = snippets(Files.readString(GUIDE));

        assertThat(snippets).hasSizeGreaterThan(10).allSatisfy(snippet -> assertIn(sources, snippet));
    }

    @Test
    void aSnippetThatIsNotInTheExampleIsFound() throws IOException {
        List<String> sources = sources();
        String changed = snippets(Files.readString(GUIDE)).get(0).replace("17", "11");

        assertThatThrownBy(() -> assertIn(sources, changed)).isInstanceOf(AssertionError.class);
    }

    private static void assertIn(List<String> sources, String snippet) {
        assertThat(sources.stream().anyMatch(source -> source.contains(snippet)))
                .as("found, line for line: %s", snippet)
                .isTrue();
    }

    private static List<String> snippets(String guide) {
        List<String> snippets = new ArrayList<>();
        Matcher snippet = SNIPPET.matcher(guide);
        while (snippet.find()) {
            snippets.add(normal(snippet.group(2)));
        }
        return snippets;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        try (var files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.add(normal(Files.readString(file)));
            }
        }
        for (String file : QUOTED) {
            sources.add(normal(Files.readString(Path.of(file))));
        }
        return sources;
    }

    /** Without indentation, and without the star of a comment. */
    private static String normal(String text) {
        return text.lines()
                .map(line -> line.strip().replaceFirst("^\\* ", "").strip())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
