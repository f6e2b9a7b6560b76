// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTreeTest {
    private static final String SECRET = "hunter2-7f";

    private final ConfigProblems problems = new ConfigProblems();

    @Test
    void valuesAreTextWhateverTheParserMadeOfThem() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("text", "a b");
        entries.put("whole", 7);
        entries.put("large", new BigInteger("12345678901234567890"));
        entries.put("share", 0.6);
        entries.put("flag", true);
        assertThat(ConfigTree.of("top", entries).values(problems).values())
                .extracting(ConfigValue::text)
                .containsExactly("a b", "7", "12345678901234567890", "0.6", "true");
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void eachProblemNamesItsKeyWithAllThatIsAboveIt() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("list", List.of(1));
        inner.put("none", null);
        inner.put("section", Map.of());
        ConfigTree tree = ConfigTree.of("top", Map.of("inner", inner));
        ConfigTree section = tree.section("inner", problems);
        assertThat(section).isNotNull();
        assertThat(section.values(problems)).isEmpty();
        assertThat(section.section("list", problems)).isNull();
        assertThatThrownBy(() -> problems.throwIfAny("It is bad")).hasMessage("""
                        It is bad, for 4 reasons:
                          top.inner.list: is a list, but must be a single value
                          top.inner.none: is empty, but must be a single value
                          top.inner.section: is a section, but must be a single value
                          top.inner.list: is a list, but must be a section of keys and values""");
    }

    @Test
    void whatIsNotThereIsNoProblem() {
        ConfigTree tree = ConfigTree.of("", Map.of());
        assertThat(tree.value("a", problems)).isNull();
        assertThat(tree.section("a", problems)).isNull();
        assertThat(tree.isSection("a")).isFalse();
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void anUnknownKeyComesWithASuggestion() {
        ConfigTree.of("top", Map.of("high-volme", 1)).refuseOthers(List.of("high-volume", "usecases"), problems);
        assertThatThrownBy(() -> problems.throwIfAny("It is bad"))
                .hasMessage("It is bad: top.high-volme: unknown key 'high-volme'; did you mean 'high-volume'?");
    }

    @ParameterizedTest
    @CsvSource({
        "${USER_NAME}, ann",
        "'a-${USER_NAME}-${USER_NAME}', a-ann-ann",
        "${ABSENT:-fallback}, fallback",
        "${ABSENT:-}, ''",
        "${EMPTY:-fallback}, fallback",
        "${EMPTY}, ''",
        "${USER_NAME:-fallback}, ann",
        "$${USER_NAME}, ${USER_NAME}",
        "${NESTED}, ${USER_NAME}",
        "$USER_NAME costs $5, $USER_NAME costs $5",
    })
    void variablesAreReplaced(String text, String expected) {
        ConfigValue value = tree(text).value("key", problems);
        assertThat(value).isNotNull();
        assertThat(value.text()).isEqualTo(expected);
        assertThat(problems.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "${ABSENT}, 'the variable ''ABSENT'' is not set; set it, or write ${ABSENT:-default}'",
        "${}, '''${'' begins a variable: write ${NAME}, ${NAME:-default}, or $${ for the text ''${'''",
        "'${two words}', '''${'' begins a variable: write ${NAME}, ${NAME:-default}, or $${ for the text ''${'''",
        "${OPEN, '''${'' begins a variable: write ${NAME}, ${NAME:-default}, or $${ for the text ''${'''",
    })
    void aVariableThatIsNoneIsAProblem(String text, String problem) {
        assertThat(tree(text).value("key", problems)).isNull();
        assertThat(problems.texts()).containsExactly(problem);
    }

    @Test
    void withoutVariablesADollarIsADollar() {
        ConfigValue value = ConfigTree.of("", Map.of("key", "${ABSENT}")).value("key", problems);
        assertThat(value).isNotNull();
        assertThat(value.text()).isEqualTo("${ABSENT}");
    }

    @Test
    void whatComesFromAVariableIsInNoMessage() {
        Option<Integer> number = Option.integer("key", 1, 1, "A number.");
        BackendConfig.read(ConfigSchema.of(number), tree("${SECRET}").values(problems), "top", problems);
        assertThat(problems.texts()).containsExactly("option 'key' cannot be read: expected a whole number");
        assertThat(tree("${SECRET}").values(problems).toString()).doesNotContain(SECRET);
        assertThat(tree(SECRET).toString()).isEqualTo("top[key]");
    }

    @Test
    void aSecretThatWasGivenAsATextIsNotPrintedEither() {
        ConfigValue value = tree(SECRET).value("key", problems);
        assertThat(value).isNotNull().hasToString("top.key=***");
    }

    @Test
    void relativePathsAreRelativeToTheDirectory() {
        Option<Path> path = Option.path("key", "A path.");
        ConfigSchema schema = ConfigSchema.of(path);
        List<Path> read = new ArrayList<>();
        for (String text : Arrays.asList("a/b", "/a/b")) {
            ConfigTree tree = tree(text).relativeTo(Path.of("/etc/terrace"));
            read.add(BackendConfig.read(schema, tree.values(problems), "", problems)
                    .get(path));
        }
        assertThat(read).containsExactly(Path.of("/etc/terrace/a/b"), Path.of("/a/b"));
    }

    private static ConfigTree tree(String text) {
        Map<String, String> variables =
                Map.of("USER_NAME", "ann", "EMPTY", "", "NESTED", "${USER_NAME}", "SECRET", SECRET);
        return ConfigTree.of("top", Map.of("key", text)).withVariables(variables::get);
    }
}
