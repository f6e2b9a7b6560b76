// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class PackageArrowsTest {

    @Test
    void everyPartDependsOnlyOnWhatItStandsOn() {
        Arrows.ofTerrace().rule(Terrace.ROOT).check(Terrace.MAIN);
    }

    @Test
    void theRuleSeesTheWholeOfCore() {
        assertThat(Terrace.MAIN.stream().map(type -> type.getPackageName()).distinct())
                .contains("io.terrace", "io.terrace.config", "io.terrace.spi");
    }

    @Test
    void anArrowThatPointsBackIsCaught() {
        String root = Terrace.fixtureRoot("arrows");
        JavaClasses fixture = Terrace.fixture("arrows");
        assertThat(Terrace.violations(Arrows.ofTerrace().rule(root), fixture))
                .anySatisfy(
                        v -> assertThat(v).contains("arrows.ApiThatKnowsConfig").contains("config.Settings"))
                .anySatisfy(v -> assertThat(v).contains("config.Settings").contains("spi.Row"))
                .anySatisfy(v -> assertThat(v).contains("spi.Row").contains("tiered.Engine"))
                .anySatisfy(v -> assertThat(v).contains("elsewhere.Stray").contains("not in the table of arrows"))
                .noneSatisfy(v -> assertThat(v).startsWith("Field <" + root + ".tiered.Engine"));
    }

    @Test
    void noPackagesDependOnEachOther() {
        cycles(Terrace.ROOT).check(Terrace.MAIN);
    }

    @Test
    void aCycleIsCaught() {
        assertThat(Terrace.violations(cycles(Terrace.fixtureRoot("cycles")), Terrace.fixture("cycles")))
                .anySatisfy(v -> assertThat(v).contains("Slice a").contains("Slice b"));
    }

    private static ArchRule cycles(String root) {
        return SlicesRuleDefinition.slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }
}
