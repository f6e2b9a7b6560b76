// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigSchema;
import io.terrace.config.ConfigTree;
import io.terrace.config.Option;
import io.terrace.config.UrlForm;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendChoice;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Pattern URL = Pattern.compile("terrace:(?:localfs|inmemory)://[^\\s`\"<]*(?=[\\s`\"])");

    @Test
    void thePageHasTheTablesOfTheOptions() throws IOException {
        String made = ConfigurationPage.of(Files.readString(PAGE), ours());
        if (Boolean.getBoolean("terrace.configuration.write")) {
            Files.writeString(PAGE, made);
        }
        assertThat(PAGE)
                .as("an option has changed; write the page anew with -Dterrace.configuration.write=true")
                .hasContent(made);
    }

    @Test
    void anotherOptionIsAnotherPage() {
        String page = ConfigurationPage.of("prose\n" + ConfigurationPage.BEGIN + "old tables\n", List.of(new Cloud()));
        assertThat(page).startsWith("prose\n").doesNotContain("old tables").endsWith("""

                ## Backend `cloud`

                As `change-log`, `long-term`. As a URL: `terrace:cloud://<bucket>/<prefix...>`, and the other options after a `?`.

                | option | type | default | secret | what it does |
                |---|---|---|---|---|
                | `bucket` | path | required | no | The bucket. |
                | `writers` | whole number of at least 1 | `4` | no | One \\| many. |
                | `secret-key` | text | not shown | yes | Who may enter. |
                """);
        assertThatThrownBy(() -> ConfigurationPage.of("prose\n", List.of())).hasMessageContaining("has no line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/configuration.md"})
    void everyUrlInTheTextIsRight(String page) throws IOException {
        List<String> urls = URL.matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map(match -> match.group())
                .toList();
        assertThat(urls).isNotEmpty().allSatisfy(url -> {
            ConfigProblems problems = new ConfigProblems();
            BackendChoice.read(BackendRole.LONG_TERM, ConfigTree.of("", Map.of("url", url)), problems);
            problems.throwIfAny(url);
        });
    }

    /** Not those of other tests, which may be on the class path too. */
    private static List<BackendProvider> ours() {
        return Backends.available().stream()
                .filter(provider -> provider.getClass().getEnclosingClass() == null)
                .toList();
    }

    private static final class Cloud implements BackendProvider {
        @Override
        public String name() {
            return "cloud";
        }

        @Override
        public Set<BackendRole<?>> roles() {
            return Set.of(BackendRole.LONG_TERM, BackendRole.CHANGE_LOG);
        }

        @Override
        public ConfigSchema options() {
            return ConfigSchema.of(
                    Option.path("bucket", "The bucket."),
                    Option.integer("writers", 4, 1, "One | many."),
                    new Option<>("secret-key", "Who may enter.", text -> text, "hunter2", true));
        }

        @Override
        public UrlForm urlForm() {
            return UrlForm.authority("bucket").rest("prefix");
        }

        @Override
        public <B extends Backend> B open(BackendRole<B> role, BackendConfig config, TerraceRuntime runtime) {
            throw new UnsupportedOperationException();
        }
    }
}
