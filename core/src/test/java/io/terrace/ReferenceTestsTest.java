// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTestsTest {
    private static final String PAGE = "docs/reference-tests.md";

    private final ReferenceTable sample = new ReferenceTable(Map.of("SomeTest", """
            class SomeTest {

                @Test
                void plain() {}

                @ParameterizedTest
                @ValueSource(strings = {"a;", "{b}"})
                void withValues(String a) {}

                private static void helper() {}
            }
            """), List.of("""
            - **LT-1.1** Something.
            - **LT-1.2** Something else. Not tested: for a reason.
            """));

    @Test
    void everyTestNamedInTheTableExistsAndNoRowIsOpen() {
        Path repository = repository();
        ReferenceTable table =
                new ReferenceTable(ReferenceTable.sourcesOf(repository), ReferenceTable.specOf(repository));
        String page = ReferenceTable.read(repository.resolve(PAGE));
        assertThat(table.problems(page)).isEmpty();
        assertThat(page)
                .contains(
                        "## Metadata (46)",
                        "## Ranges (7)",
                        "## Scopes (9)",
                        "## Object ids (4)",
                        "## Tiers (22)",
                        "## Change log (5)");
    }

    @Test
    void aRowWithATestOrAReasonIsRight() {
        assertThat(sample.problems("""
                ## Rows (4)
                | `a` | shows | `SomeTest.plain` |
                | `b` | shows | `SomeTest.withValues`, `SomeTest.plain` |
                | `c` | shows | Does not apply: there is no such thing here. |
                | `d` | shows | LT-1.1 |
                """)).isEmpty();
    }

    @Test
    void aTestThatDoesNotExistIsFound() {
        assertThat(sample.problems("""
                ## Rows (3)
                | `a` | shows | `SomeTest.missing` |
                | `b` | shows | `SomeTest.plain`, `OtherTest.plain` |
                | `c` | shows | `SomeTest.helper` |
                """))
                .containsExactly(
                        "no such test: `SomeTest.missing`",
                        "no such test: `OtherTest.plain`",
                        "no such test: `SomeTest.helper`");
    }

    @Test
    void aRuleThatDoesNotExistOrIsNotTestedIsFound() {
        assertThat(sample.problems("""
                ## Rows (2)
                | `a` | shows | LT-1.2 |
                | `b` | shows | LT-1.1, LT-1.3 |
                """))
                .containsExactly(
                        "no such rule, or none that is tested: LT-1.2", "no such rule, or none that is tested: LT-1.3");
    }

    @Test
    void anOpenRowIsFound() {
        assertThat(sample.problems("""
                ## Rows (3)
                | `a` | shows |  |
                | `b` | shows | later |
                | `c` | shows | Does not apply: no. |
                """)).hasSize(3);
    }

    @Test
    void aMissingRowIsFound() {
        assertThat(sample.problems("""
                ## Rows (2)
                | `a` | shows | `SomeTest.plain` |
                ## More (0)
                """)).containsExactly("Rows announces 2 tests and has 1");
    }

    private static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve(PAGE))) {
            at = at.getParent();
            assertThat(at).as("a directory with " + PAGE + " above this one").isNotNull();
        }
        return at;
    }
}
