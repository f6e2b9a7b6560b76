// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model is worth what it finds: with any one rule broken, it must find the violation, on a shortest way. */
class ModelControlsTest {

    static List<Control> controls() {
        return Stream.concat(Controls.all().stream(), NewControls.all().stream())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controls")
    void aBrokenRuleIsNoticed(Control control) {
        Search.Result result = Search.of(control.scenario());
        assertThat(result.violation())
                .as("%s: not noticed in %d states", control.name(), result.states())
                .contains(control.expected());
        System.out.printf(
                "model: %-72s %7d states, %2d steps: %s%n",
                control.name(), result.states(), result.trace().size(), result.violation());
        if (Boolean.getBoolean("terrace.model.traces")) {
            result.trace().forEach(step -> System.out.println("    " + step));
        }
    }
}
