// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.BackendProvider;
import io.terrace.spi.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the README says about commands, codes, options, profiles and files is so. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..");

    private final CommandLine terrace = Cli.commandLine(new Console(System.in, System.out, System.err, false));
    private String readme;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
    }

    private List<String> all(String pattern) {
        return Pattern.compile(pattern)
                .matcher(readme)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void itNamesTheCommandsThatThereAreAndNoOthers() {
        Set<String> visible = terrace.getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeSet<>(all("\\./terrace ([a-z-]+)"))).isEqualTo(visible);
    }

    @Test
    void itsCommandLinesAreUnderstood() {
        List<String> lines = all("(?m)^\\./terrace (.+)$");
        assertThat(lines).hasSizeGreaterThan(7).allSatisfy(line -> {
            String[] words = line.replaceAll(" > .*", "").replace("'", "").split(" ");
            assertThat(terrace.parseArgs(words).errors()).isEmpty();
        });
    }

    @Test
    void itsExitCodesAreThoseOfTheHelp() {
        List<String> documented = Pattern.compile("(?m)^\\| (\\d) \\| (.+) \\|$")
                .matcher(readme)
                .results()
                .map(match -> match.group(1) + ":" + match.group(2).replace("`", ""))
                .toList();
        assertThat(documented)
                .containsExactlyElementsOf(terrace.getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
                        .map(code -> code.getKey() + ":" + code.getValue())
                        .toList());
    }

    @Test
    void itsBackendsAreThoseOnTheClassPath() {
        assertThat(all("\\| `terrace-backend-[a-z0-9]+` \\| `([a-z0-9]+)` \\|"))
                .containsExactlyInAnyOrderElementsOf(
                        Backends.available().stream().map(BackendProvider::name).toList());
    }

    @Test
    void itsProfilesAndLinksExist() throws IOException {
        String poms = Files.readString(ROOT.resolve("pom.xml")) + Files.readString(ROOT.resolve("benchmarks/pom.xml"));
        assertThat(all(" -P(\\w+)")).hasSize(4).allSatisfy(profile -> assertThat(poms)
                .contains("<id>" + profile + "</id>"));
        assertThat(all("\\]\\(([^)#]+)\\)")).hasSizeGreaterThan(4).allSatisfy(link -> assertThat(ROOT.resolve(link))
                .exists());
    }
}
