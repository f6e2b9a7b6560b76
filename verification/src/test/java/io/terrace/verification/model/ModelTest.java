// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state of every scenario. {@code -Dterrace.model.only=TEXT} runs those whose name contains a text.
 *
 * <p>The full form has more faults and more actors: {@code ./mvnw -Psoak -pl verification -am test -Dtest=ModelTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ModelTest {

    private static final String ONLY = System.getProperty("terrace.model.only", "");

    private static final Map<String, Totals> TOTALS = new TreeMap<>();

    private record Totals(int scenarios, long states, int largest) {

        Totals plus(int more) {
            return new Totals(scenarios + 1, states + more, Math.max(largest, more));
        }
    }

    static List<Scenario> scenarios() {
        return scenarios(false);
    }

    static List<Scenario> allScenarios() {
        return scenarios(true);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void everyStateKeepsEveryPromise(Scenario scenario) {
        search(scenario);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allScenarios")
    @Tag("soak")
    void everyStateKeepsEveryPromiseWithMoreFaultsAndActors(Scenario scenario) {
        search(scenario);
    }

    @AfterAll
    static void printTotals() {
        Totals sum = new Totals(0, 0, 0);
        for (Map.Entry<String, Totals> family : TOTALS.entrySet()) {
            Totals totals = family.getValue();
            System.out.printf(
                    "model: family %s %4d scenarios %9d states, the largest %7d%n",
                    family.getKey(), totals.scenarios, totals.states, totals.largest);
            sum = new Totals(sum.scenarios + totals.scenarios, sum.states + totals.states, 0);
        }
        System.out.printf("model: all      %4d scenarios %9d states%n", sum.scenarios, sum.states);
    }

    private static void search(Scenario scenario) {
        Search.Result result = Search.of(scenario);
        assertThat(result.violation())
                .as("%s%n%s", scenario, String.join("\n", result.trace()))
                .isNull();
        TOTALS.merge(
                scenario.toString().substring(0, 1),
                new Totals(1, result.states(), result.states()),
                (old, one) -> old.plus(result.states()));
        System.out.printf("model: %8d states  %s%n", result.states(), scenario);
    }

    private static List<Scenario> scenarios(boolean full) {
        List<Scenario> all = new ArrayList<>(Families.all(full));
        all.addAll(MoreFamilies.all(full));
        all.addAll(NewFamilies.all(full));
        all.removeIf(scenario -> !scenario.toString().contains(ONLY));
        return all;
    }
}
