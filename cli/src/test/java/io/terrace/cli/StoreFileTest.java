// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.terrace.ConfigurationException;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigTree;
import io.terrace.config.ConfigValue;
import io.terrace.tiered.TieredObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFileTest {

    private static final String TIERS = """
            terrace:
              high-volume: { url: "terrace:inmemory://" }
              long-term: { backend: inmemory }
              change-log: { backend: inmemory }
            """;

    @TempDir
    Path directory;

    @Test
    void yamlAndJsonSayTheSame() throws IOException {
        ConfigTree yaml = read("store.yaml", "terrace:\n  commit-deadline: 5s\n  pins: true\n");
        ConfigTree yml = read("store.yml", "terrace: { commit-deadline: 5s, pins: 'true' }");
        ConfigTree json = read("store.json", "{\"terrace\": {\"commit-deadline\": \"5s\", \"pins\": true}}");
        for (ConfigTree tree : new ConfigTree[] {yaml, yml, json}) {
            assertThat(tree.keys()).containsExactly("commit-deadline", "pins");
            assertThat(text(tree, "commit-deadline")).isEqualTo("5s");
            assertThat(text(tree, "pins")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"007", "1.10", "1_000", "1e3", "0x1f", "yes", "12:30:00", "2026-01-01", "a: b", "=", "8 MiB"})
    void aValueStaysAsItIsWritten(String value) throws IOException {
        String yaml = value.contains(": ") ? "'" + value + "'" : value;
        assertThat(text(read("store.yaml", "terrace:\n  key: " + yaml + "\n"), "key"))
                .isEqualTo(value);
    }

    @Test
    void sectionsOfOtherProgramsAreLeftAlone() throws IOException {
        assertThat(read("app.yaml", "server: { port: 80 }\nterrace: { pins: true }\n")
                        .keys())
                .containsExactly("pins");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the file is empty",
                "# nothing | the file is empty",
                "- a | the file must begin with keys and values",
                "text | the file must begin with keys and values",
                "terace: { pins: true } | did you mean 'terrace'?",
                "terrace: 5 | terrace: is a single value, but must be a section",
                "terrace: | terrace: is empty, but must be a section",
                "other: {} | there is no section 'terrace'",
            })
    void aFileThatDescribesNoStoreIsRefused(String text, String problem) {
        assertThatThrownBy(() -> read("store.yaml", text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "store.yaml, 'terrace:\n  pins: \"hunter2', line 2",
        "store.yaml, 'terrace:\n\tpins: hunter2', line 1",
        "store.yaml, 'terrace: [hunter2', line 1",
        "store.yaml, 'terrace: &a { pins: @hunter2 }', line 1",
        "store.json, '{\"terrace\": {\"pins\": hunter2}}', line 1",
        "store.json, '{\"terrace\": {\"pins\": \"hunter2\",}}', line 1",
    })
    void whatIsMalformedIsToldByItsPlaceAndNotQuoted(String name, String text, String place) {
        assertThatThrownBy(() -> read(name, text))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is malformed at " + place)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aFileThatIsNotThereOrOfNoKnownKindIsRefused() {
        assertThatThrownBy(() -> StoreFile.read(directory.resolve("absent.yaml"), Map.<String, String>of()::get))
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> read("store.toml", "")).hasMessageContaining(".yaml, .yml or .json");
        assertThatThrownBy(() -> StoreFile.read(Files.createDirectory(directory.resolve("d.yaml")), name -> null))
                .hasMessageContaining("is a directory");
    }

    @Test
    void whatTheReaderFindsIsReportedWithWhatTheStoreFinds() throws IOException {
        ConfigTree tree = read(
                "store.yaml",
                TIERS.replace("{ backend: inmemory }", "{ backend: inmemory, options: { min-part-byte: 1 } }") + """
                          pins: true
                          pins: false
                          body-timeout: &t 5s
                          commit-deadline: *t
                          inline-threshold: ${ABSENT}
                        ---
                        more: 1
                        """);
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> TieredObjectStore.builder().configure(tree).build());
        assertThat(refused.getMessage().lines())
                .contains(
                        "  terrace.pins: is given a second time, at line 6; give each key once",
                        "  terrace.commit-deadline: is an alias, at line 8, which is not understood here; write out what it"
                                + " stands for",
                        "  there is a second document, at line 11; only one can be read",
                        "  terrace.long-term.options.min-part-byte: unknown option 'min-part-byte'; did you mean"
                                + " 'min-part-bytes'?",
                        "  terrace.inline-threshold: the variable 'ABSENT' is not set; set it, or write ${ABSENT:-default}");
    }

    private ConfigTree read(String name, String text) throws IOException {
        return StoreFile.read(Files.writeString(directory.resolve(name), text), Map.<String, String>of()::get);
    }

    private static String text(ConfigTree tree, String key) {
        ConfigProblems problems = new ConfigProblems();
        ConfigValue value = Objects.requireNonNull(tree.value(key, problems));
        return value.text();
    }
}
