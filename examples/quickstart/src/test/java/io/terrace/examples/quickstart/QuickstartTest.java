// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    private static final String MARK = "        // README\n";

    @Test
    void whatWentInComesOut(@TempDir Path directory) {
        assertThat(Quickstart.run(directory.toString())).isEqualTo("Hello, tiers!");
        // Once more: over what is there, in a store that exists.
        assertThat(Quickstart.run(directory.toString())).isEqualTo("Hello, tiers!");
    }

    @Test
    void theFirstSnippetOfTheReadmeIsThisExample() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/terrace/examples/quickstart/Quickstart.java"));
        int start = source.indexOf(MARK) + MARK.length();
        String body = source.substring(start, source.indexOf(MARK, start));
        assertThat(body).isNotBlank();
        String readme = Files.readString(Path.of("../../README.md"));
        int fence = readme.indexOf("```java\n") + "```java\n".length();
        String snippet = readme.substring(fence, readme.indexOf("```", fence));
        assertThat(snippet)
                .isEqualTo(body.lines().map(line -> line.substring(8)).collect(Collectors.joining("\n", "", "\n")));
    }
}
