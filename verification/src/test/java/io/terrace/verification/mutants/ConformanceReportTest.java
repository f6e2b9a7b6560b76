// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.terrace.Health;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.HighVolumeConformanceTest;
import io.terrace.testkit.KnownDeviation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.TestAbortedException;
import reactor.core.publisher.Mono;

/** What the kit found is what its report says. */
class ConformanceReportTest {

    private static final KnownDeviation OF_EVERY_STORE =
            KnownDeviation.of("BE-1.1", "shouts", "https://issues.invalid/7");
    private static final KnownDeviation OF_NO_STORE =
            KnownDeviation.of("BE-1.4", "long repaired", "https://issues.invalid/8");
    private static final KnownDeviation OF_A_DURABLE_STORE =
            KnownDeviation.of("HV-1.8", "forgets", "https://issues.invalid/9");

    @Test
    void aBackendIsNamedWithItsRoleAndWhatItOffers() throws IOException {
        KitRun.ofRows(Mutants.RIGHT_ROWS);
        JsonNode report = report();

        assertThat(report.at("/backend").asText()).isEqualTo("inmemory");
        assertThat(report.at("/role").asText()).isEqualTo("high-volume");
        assertThat(report.at("/variant").asText()).isEmpty();
        assertThat(report.at("/kit").asText()).isNotEmpty();
        assertThat(report.at("/test").asText()).isEqualTo(KitRun.RowKit.class.getName());
        assertThat(report.at("/capabilities")).isEmpty();
        assertThat(report.at("/facets"))
                .extracting(JsonNode::asText)
                .containsExactly("MarkerCollection", "MultiRowReads", "RowListing");
    }

    @Test
    void whatWasKeptAndWhatWasSkippedIsReportedInTheOrderOfTheRules() throws IOException {
        KitRun run = KitRun.ofRows(Mutants.RIGHT_ROWS);
        JsonNode rules = report().at("/rules");

        assertThat(rules).extracting(rule -> rule.get("rule").asText()).containsExactlyInAnyOrderElementsOf(run.all());
        assertThat(rules.get(0).get("rule").asText()).isEqualTo("BE-1.1");
        assertThat(outcome("BE-1.1")).isEqualTo("kept");
        JsonNode durable = rule("HV-1.8");
        assertThat(durable.get("outcome").asText()).isEqualTo("skipped");
        assertThat(durable.get("requirement").asText()).isEqualTo("CAPABILITY");
        assertThat(durable.get("reason").asText()).contains("the backend is not DURABLE");
        assertThat(rule("HV-5.8").get("requirement").asText()).isEqualTo("STOCHASTIC");
    }

    @Test
    void whatIsBrokenIsReportedWithTheFailure() throws IOException {
        KitRun run = KitRun.ofRows(closesWrongly());

        assertThat(run.broken()).isNotEmpty().allSatisfy(rule -> {
            assertThat(outcome(rule)).isEqualTo("broken");
            assertThat(rule(rule).get("reason").asText()).startsWith(rule + " is broken");
        });
    }

    @Test
    void aDeviationIsReportedWithItsReasonAndPlaceAndDoesNotFail() throws IOException {
        KitRun run = KitRun.ofRows(withWrongName(), OF_EVERY_STORE);
        JsonNode found = rule("BE-1.1", "In Memory");

        assertThat(run.broken()).doesNotContain("BE-1.1");
        assertThat(run.skipped()).contains("BE-1.1");
        assertThat(found.get("outcome").asText()).isEqualTo("deviates");
        assertThat(found.get("reason").asText()).isEqualTo("shouts");
        assertThat(found.get("url").asText()).isEqualTo("https://issues.invalid/7");
    }

    @Test
    void aDeviationFromARuleThatIsKeptFails() throws IOException {
        assertThat(KitRun.ofRows(Mutants.RIGHT_ROWS, OF_NO_STORE).broken()).containsExactly("BE-1.4");
        assertThat(rule("BE-1.4").get("reason").asText()).contains("but is kept. Remove it");
    }

    @Test
    void aDeviationFromARuleThatIsNotCheckedFails() throws IOException {
        assertThat(KitRun.ofRows(Mutants.RIGHT_ROWS, OF_A_DURABLE_STORE).broken())
                .containsExactly("HV-1.8");
        assertThat(rule("HV-1.8").get("reason").asText()).contains("but is not checked. Remove it");
    }

    @Test
    void aRuleThatEveryBackendKeepsCannotBeSkipped() throws IOException {
        KitRun run = KitRun.ofRows(Mutant.of("takes itself out of the test", clock -> new ForwardingRows(clock) {
            @Override
            public Mono<Health> check() {
                throw new TestAbortedException("the server is away");
            }
        }));

        assertThat(run.broken()).contains("BE-1.4");
        assertThat(rule("BE-1.4").get("reason").asText())
                .contains("BE-1.4 was skipped, but is not marked as a CAPABILITY: the server is away");
    }

    @Test
    void aRunOfAFewRulesSaysWhichDidNotRun() throws IOException {
        EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectNestedMethod(
                        List.of(Alone.class), everyBackend(), "theNameIsShortAndStable"))
                .configurationParameter("terrace.conformance.directory", KitRun.REPORTS.toString())
                .execute();
        Path file = KitRun.REPORTS.resolve("inmemory-high-volume-alone.json");

        assertThat(new ObjectMapper().readTree(Files.readAllBytes(file)).at("/rules"))
                .filteredOn(rule -> !rule.get("outcome").asText().equals("not-run"))
                .extracting(rule -> rule.get("rule").asText())
                .containsExactly("BE-1.1");
    }

    private static Class<?> everyBackend() {
        for (Class<?> type = Alone.class; type != null; type = type.getSuperclass()) {
            for (Class<?> nested : type.getDeclaredClasses()) {
                if (nested.getSimpleName().equals("EveryBackend")) {
                    return nested;
                }
            }
        }
        throw new AssertionError("the kit has no group of that name");
    }

    private static Mutant<HighVolumeBackend> withWrongName() {
        return Mutants.ROWS.stream()
                .filter(mutant -> mutant.breaks().contains("BE-1.1"))
                .findFirst()
                .orElseThrow();
    }

    private static Mutant<HighVolumeBackend> closesWrongly() {
        return Mutants.ROWS.stream()
                .filter(mutant -> mutant.breaks().equals(Set.of("BE-2.5")))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode report() throws IOException {
        return report("inmemory");
    }

    private static JsonNode report(String backend) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(KitRun.REPORTS.resolve(backend + "-high-volume.json")));
    }

    private static JsonNode rule(String number) throws IOException {
        return rule(number, "inmemory");
    }

    private static JsonNode rule(String number, String backend) throws IOException {
        for (JsonNode rule : report(backend).at("/rules")) {
            if (rule.get("rule").asText().equals(number)) {
                return rule;
            }
        }
        throw new AssertionError(number + " is not in the report");
    }

    private static String outcome(String number) throws IOException {
        return rule(number).get("outcome").asText();
    }

    // Not found by Surefire, which looks for names that end in Test.
    static class Alone extends HighVolumeConformanceTest {
        @Override
        protected BackendEnvironment<HighVolumeBackend> environment() {
            return Mutants.RIGHT_ROWS.environment().get();
        }

        @Override
        protected String variant() {
            return "alone";
        }
    }
}
