// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The rules of the protocol can be switched off so that tests can prove that each is needed. Nothing but a test may reach
 * the switches.
 */
class ProtocolSwitchesTest {
    private static final String ENGINE = Terrace.ROOT + ".tiered";
    private static final String FIXTURE = Terrace.fixtureRoot("switches") + ".tiered";

    @Test
    void theSwitchesExistAndAreHidden() {
        JavaClass switches = Terrace.MAIN.get(ENGINE + ".Rules");
        assertThat(switches.getModifiers())
                .doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED, JavaModifier.PRIVATE);
    }

    @Test
    void onlyTheEngineDependsOnTheSwitches() {
        dependents(ENGINE).check(Terrace.MAIN);
    }

    @Test
    void aDependencyFromOutsideIsCaught() {
        assertThat(Terrace.violations(dependents(FIXTURE), Terrace.fixture("switches")))
                .isNotEmpty()
                .allSatisfy(v -> assertThat(v).contains("switches.Outsider"));
    }

    @Test
    void onlyTheSwitchesThemselvesMakeASetOfSwitches() {
        makers(ENGINE).check(Terrace.MAIN);
    }

    @Test
    void aSetOfSwitchesOfTheEnginesOwnIsCaught() {
        assertThat(Terrace.violations(makers(FIXTURE), Terrace.fixture("switches")))
                .singleElement()
                .asString()
                .contains("tiered.Builder.fast()");
    }

    @Test
    void noPublicMemberShowsTheSwitches() {
        exposure(ENGINE).check(Terrace.MAIN);
    }

    @Test
    void aPublicMemberThatShowsTheSwitchesIsCaught() {
        assertThat(Terrace.violations(exposure(FIXTURE), Terrace.fixture("switches")))
                .hasSize(4)
                .anySatisfy(v -> assertThat(v).contains("Builder.rules("))
                .anySatisfy(v -> assertThat(v).contains("Builder.inherited("))
                .anySatisfy(v -> assertThat(v).contains("Builder.shown"))
                .anySatisfy(v -> assertThat(v).contains("Builder.all("));
    }

    @Test
    void noOtherModuleSharesThePackageOfTheEngine() {
        Set<String> places = Terrace.MAIN.stream()
                .filter(c -> c.getPackageName().equals(ENGINE))
                .map(c -> c.getSource().map(Source::getUri).map(URI::toString).orElse("nowhere"))
                .map(uri -> uri.substring(0, uri.indexOf("io/terrace/tiered")))
                .collect(Collectors.toSet());
        assertThat(places).hasSize(1);
    }

    private static ArchRule dependents(String engine) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(engine)
                .should()
                .dependOnClassesThat(switches(engine))
                .as("no class outside the engine may depend on the switches");
    }

    private static ArchRule makers(String engine) {
        return noClasses()
                .that(DescribedPredicate.not(switches(engine)))
                .should()
                .callConstructorWhere(describe(
                        "makes a set of switches", call -> switches(engine).test(call.getTargetOwner())))
                .as("no class may make a set of switches, other than the one where all are on");
    }

    private static ArchRule exposure(String engine) {
        return members()
                .that(describe("can be named from outside", ProtocolSwitchesTest::isVisible))
                .and(describe(
                        "are not the switches' own", member -> !switches(engine).test(member.getOwner())))
                .should(new ArchCondition<>("not involve the switches") {
                    @Override
                    public void check(JavaMember member, ConditionEvents events) {
                        if (member.getAllInvolvedRawTypes().stream().anyMatch(switches(engine))) {
                            events.add(SimpleConditionEvent.violated(member, member.getFullName()));
                        }
                    }
                });
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return isVisible(member.getOwner())
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    private static boolean isVisible(JavaClass type) {
        return (type.getModifiers().contains(JavaModifier.PUBLIC)
                        || type.getModifiers().contains(JavaModifier.PROTECTED))
                && type.getEnclosingClass().map(ProtocolSwitchesTest::isVisible).orElse(true);
    }

    private static DescribedPredicate<JavaClass> switches(String engine) {
        return describe("are the switches", type -> (type.getName() + "$").startsWith(engine + ".Rules$"));
    }
}
