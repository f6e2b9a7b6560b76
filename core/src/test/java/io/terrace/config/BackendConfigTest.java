// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendConfigTest {
    private static final Option<Path> DIRECTORY = Option.path("directory", "where the files lie");
    private static final Option<Integer> WRITERS = Option.integer("writers", 4, 1, "how many write at once");
    private static final Option<Duration> TIMEOUT =
            Option.duration("timeout", Duration.ofSeconds(5), "how long a request may take");
    private static final Option<Boolean> SYNC = Option.flag("sync", true, "whether writes are forced to disk");
    private static final Option<String> LABEL = Option.text("label", "none", "what a person calls it");
    private static final Option<String> PASSWORD =
            new Option<>("password", "who may enter", BackendConfigTest::password, "changeit", true);
    private static final ConfigSchema SCHEMA = ConfigSchema.of(DIRECTORY, WRITERS, TIMEOUT, SYNC, LABEL, PASSWORD);

    @Test
    void valuesAreParsed() {
        BackendConfig config = config(Map.of(
                "directory",
                "/var/lib/terrace",
                "writers",
                " 7 ",
                "timeout",
                "500ms",
                "sync",
                "false",
                "label",
                "a b"));
        assertThat(config.get(DIRECTORY)).isEqualTo(Path.of("/var/lib/terrace"));
        assertThat(config.get(WRITERS)).isEqualTo(7);
        assertThat(config.get(TIMEOUT)).isEqualTo(Duration.ofMillis(500));
        assertThat(config.get(SYNC)).isFalse();
        assertThat(config.get(LABEL)).isEqualTo("a b");
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        BackendConfig config = config(Map.of("directory", "d"));
        assertThat(config.get(WRITERS)).isEqualTo(4);
        assertThat(config.get(TIMEOUT)).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.get(SYNC)).isTrue();
        assertThat(config.get(LABEL)).isEqualTo("none");
        assertThat(DIRECTORY.isRequired()).isTrue();
        assertThat(WRITERS.isRequired()).isFalse();
    }

    @Test
    void aMissingOptionIsNamedWithWhatItIsFor() {
        assertRefused(
                Map.of(),
                "The configuration of backend 'files' has a problem: option 'directory' is missing: where the files lie. "
                        + "Known options: directory, writers, timeout, sync, label, password.");
    }

    @ParameterizedTest
    @CsvSource({
        "direktory, directory",
        "Directory, directory",
        "write, writers",
        "time-out, timeout",
        "snyc, sync",
        "pasword, password",
    })
    void anUnknownOptionComesWithASuggestion(String wrong, String suggestion) {
        assertThatThrownBy(() -> config(Map.of("directory", "d", wrong, "1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown option '" + wrong + "'; did you mean '" + suggestion + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "time", "synchronous", "word", "dir"})
    void anOptionThatOnlySharesLettersComesWithoutASuggestion(String wrong) {
        assertThatThrownBy(() -> config(Map.of("directory", "d", wrong, "1")))
                .hasMessageContaining("unknown option '" + wrong + "'. Known options: ");
    }

    @Test
    void anOptionThatResemblesNothingComesWithoutASuggestion() {
        assertRefused(
                Map.of("directory", "d", "colour", "red"),
                "The configuration of backend 'files' has a problem: unknown option 'colour'. "
                        + "Known options: directory, writers, timeout, sync, label, password.");
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThatThrownBy(() ->
                        config(Map.of("writers", "none", "timeout", "soon", "sync", "yes", "labl", "x", "colour", "y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("The configuration of backend 'files' has 6 problems: unknown option 'colour'; "
                        + "unknown option 'labl'; did you mean 'label'?; "
                        + "option 'directory' is missing: where the files lie; "
                        + "option 'writers' is 'none': expected a whole number; "
                        + "option 'timeout' is 'soon': expected a duration such as 500ms, 30s, 5m, 25h, 7d or PT30S; "
                        + "option 'sync' is 'yes': expected 'true' or 'false'. "
                        + "Known options: directory, writers, timeout, sync, label, password.");
    }

    @ParameterizedTest
    @CsvSource({
        "writers, 0, option 'writers' is '0': expected a whole number of at least 1",
        "writers, 99999999999, option 'writers' is '99999999999': expected a whole number",
        "writers, '', option 'writers' is '': expected a whole number",
        "sync, TRUE, option 'sync' is 'TRUE': expected 'true' or 'false'",
    })
    void anUnreadableValueIsNamedWithWhatIsExpected(String name, String value, String problem) {
        assertThatThrownBy(() -> config(Map.of("directory", "d", name, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aSecretIsReadableButNeverPrinted() {
        BackendConfig config = config(Map.of("directory", "d", "password", "s3cr3t-7"));
        assertThat(config.get(PASSWORD)).isEqualTo("s3cr3t-7");
        assertThat(config).hasToString("{directory=d, writers=4, timeout=PT5S, sync=true, label=none, password=***}");
    }

    @Test
    void aSecretThatCannotBeReadIsNotInTheMessage() {
        assertThatThrownBy(() -> config(Map.of("directory", "d", "password", "short")))
                .hasMessageContaining("option 'password' cannot be read: expected at least 8 characters");
        // A careless parser quotes what it was given.
        assertThatThrownBy(() -> config(Map.of("directory", "d", "password", "leaked-7")))
                .hasMessageContaining("option 'password' cannot be read; its value is a secret and not shown")
                .hasMessageNotContaining("leaked");
    }

    @Test
    void theDefaultOfASecretIsNotPrintedEither() {
        assertThat(PASSWORD).hasToString("password");
        assertThatThrownBy(() -> ConfigSchema.of(PASSWORD, PASSWORD)).hasMessageNotContaining("changeit");
        assertThat(config(Map.of("directory", "d")).toString()).doesNotContain("changeit");
    }

    @Test
    void anOptionOfAnotherSchemaIsRefused() {
        Option<String> other = Option.text("other", "", "not in the schema");
        assertThatThrownBy(() -> config(Map.of("directory", "d")).get(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'other' is not an option of this schema");
    }

    @Test
    void twoOptionsOfOneNameAreRefused() {
        assertThatThrownBy(() -> ConfigSchema.of(DIRECTORY, Option.text("directory", "", "again")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two options have one name: [directory, directory]");
    }

    @Test
    void aParserThatFailsWithoutAMessageIsStillReported() {
        Option<String> odd = new Option<>("odd", "fails", BackendConfigTest::failing, "x", false);
        assertThatThrownBy(() -> BackendConfig.of("it", ConfigSchema.of(odd), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'odd' is 'x': ");
    }

    private static String failing(String text) {
        throw new IllegalStateException();
    }

    private static String password(String text) {
        if (text.startsWith("leaked")) {
            throw new IllegalArgumentException("cannot use " + text);
        }
        if (text.length() < 8) {
            throw new IllegalArgumentException("expected at least 8 characters");
        }
        return text;
    }

    private static BackendConfig config(Map<String, String> options) {
        return BackendConfig.of("backend 'files'", SCHEMA, options);
    }

    private static void assertRefused(Map<String, String> options, String message) {
        assertThatThrownBy(() -> config(options))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }
}
