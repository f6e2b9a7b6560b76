// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.docs;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every snippet of a guide is in an example, which is compiled and tested, or in the place it is quoted from: line for line. */
class SnippetsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("^```(java|xml|text)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern PLUGIN = Pattern.compile("<plugin>\\n(.*?)</plugin>", Pattern.DOTALL);

    /** Besides the sources and POMs of the examples. */
    private static final List<String> QUOTED =
            List.of("pom.xml", "README.md", "testkit/src/main/java/io/terrace/testkit/HighVolumeConformanceTest.java");

    @ParameterizedTest
    @ValueSource(strings = {"write-a-backend.md", "test-your-application.md"})
    void everySnippetIsInAnExample(String guide) throws IOException {
        List<String> sources = sources();

        assertThat(snippets(Files.readString(ROOT.resolve("docs").resolve(guide))))
                .hasSizeGreaterThan(5)
                .allSatisfy(snippet -> assertIn(sources, snippet));
    }

    @Test
    void theConverterInTheReadmeIsThatOfTheExample() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int start = readme.indexOf("## With Spring WebFlux\n");
        List<String> converter = snippets(readme.substring(start, readme.indexOf("\n## ", start)));

        assertThat(converter).hasSize(1);
        assertIn(
                List.of(normal(
                        Files.readString(ROOT.resolve("examples/webflux/src/main/java/io/terrace/examples/webflux")
                                .resolve("DataBuffers.java")))),
                converter.get(0));
    }

    @Test
    void theProjectOfTheGuideHasThePluginsThatWeBuildWith() throws IOException {
        String ours = normal(Files.readString(ROOT.resolve("pom.xml")));
        Path project = ROOT.resolve("examples/custom-backend/src/project/pom.xml");
        Matcher plugin = PLUGIN.matcher(normal(Files.readString(project)));
        List<String> plugins = plugin.results().map(found -> found.group(1)).toList();

        assertThat(plugins).hasSize(2);
        assertThat(plugins).allSatisfy(named -> assertIn(List.of(ours), named));
    }

    @Test
    void aSnippetThatIsInNoExampleIsFound() throws IOException {
        List<String> sources = sources();
        List<String> snippets =
                snippets("```java\nint a = 1;\n```\n\n```sh\nls\n```\n\n```xml\n<a>\n  <b/>\n</a>\n```\n");

        assertThat(snippets).containsExactly("int a = 1;\n", "<a>\n<b/>\n</a>\n");
        assertThatThrownBy(() -> assertIn(sources, snippets.get(0))).isInstanceOf(AssertionError.class);
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
        List<Path> files = new ArrayList<>(QUOTED.stream().map(ROOT::resolve).toList());
        try (var modules = Files.newDirectoryStream(ROOT.resolve("examples"), Files::isDirectory)) {
            for (Path module : modules) {
                if (Files.isDirectory(module.resolve("src"))) {
                    files.add(module.resolve("pom.xml"));
                    try (var found = Files.walk(module.resolve("src"))) {
                        found.filter(Files::isRegularFile).forEach(files::add);
                    }
                }
            }
        }
        List<String> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(normal(Files.readString(file)));
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
