// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.terrace.verification.architecture.fixture.calls.AllowedCalls;
import io.terrace.verification.architecture.fixture.calls.BlockingCalls;
import io.terrace.verification.architecture.fixture.calls.ClockCalls;
import io.terrace.verification.architecture.fixture.calls.ConsoleCalls;
import io.terrace.verification.architecture.fixture.calls.RandomCalls;
import io.terrace.verification.architecture.fixture.calls.SchedulerCalls;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForbiddenCallsTest {

    @Test
    void theLibraryNeverBlocks() {
        ForbiddenCalls.blocking(ForbiddenCalls.library()).check(Terrace.MAIN);
    }

    @Test
    void theLibraryTakesTheTimeFromItsRuntime() {
        ForbiddenCalls.time(ForbiddenCalls.library()).check(Terrace.MAIN);
    }

    @Test
    void theLibraryTakesIdsAndRandomnessFromItsRuntime() {
        ForbiddenCalls.randomness(ForbiddenCalls.library()).check(Terrace.MAIN);
    }

    @Test
    void theLibraryUsesNoSchedulerThatIsNotItsOwn() {
        ForbiddenCalls.schedulers(ForbiddenCalls.library()).check(Terrace.MAIN);
    }

    @Test
    void onlyTheCommandWritesToTheConsole() {
        ForbiddenCalls.console("io.terrace.cli..").check(Terrace.MAIN);
    }

    @Test
    void theRuntimeIsTheOneException() {
        List<JavaClass> exempt = Terrace.MAIN.stream()
                .filter(type -> !ForbiddenCalls.library().test(type))
                .filter(type -> !type.getPackageName().startsWith("io.terrace.testkit"))
                .filter(type -> !type.getPackageName().startsWith("io.terrace.cli"))
                .toList();
        assertThat(exempt)
                .extracting(JavaClass::getName)
                .contains(ForbiddenCalls.RUNTIME)
                .allMatch(name -> name.startsWith(ForbiddenCalls.RUNTIME));
        // And it needs to be one.
        assertThat(Terrace.violations(ForbiddenCalls.time(alwaysTrue()), Terrace.MAIN))
                .isNotEmpty();
    }

    @Test
    void everyBlockingCallIsCaught() {
        assertEachMethodIsCaught(ForbiddenCalls.blocking(alwaysTrue()), BlockingCalls.class);
    }

    @Test
    void everyCallOfAClockIsCaught() {
        assertEachMethodIsCaught(ForbiddenCalls.time(alwaysTrue()), ClockCalls.class);
    }

    @Test
    void everyDrawOfRandomnessIsCaught() {
        assertEachMethodIsCaught(ForbiddenCalls.randomness(alwaysTrue()), RandomCalls.class);
    }

    @Test
    void everyForeignSchedulerIsCaught() {
        assertEachMethodIsCaught(ForbiddenCalls.schedulers(alwaysTrue()), SchedulerCalls.class);
    }

    @Test
    void everyUseOfTheConsoleIsCaught() {
        assertEachMethodIsCaught(ForbiddenCalls.console(), ConsoleCalls.class);
    }

    @Test
    void whatIsAllowedIsNotCaught() {
        JavaClasses allowed = new ClassFileImporter().importClasses(AllowedCalls.class);
        assertThat(Stream.of(
                                ForbiddenCalls.blocking(alwaysTrue()),
                                ForbiddenCalls.time(alwaysTrue()),
                                ForbiddenCalls.randomness(alwaysTrue()),
                                ForbiddenCalls.schedulers(alwaysTrue()),
                                ForbiddenCalls.console())
                        .flatMap(rule -> Terrace.violations(rule, allowed).stream()))
                .isEmpty();
    }

    /** A fixture has one forbidden call in each method, so that each is proved to be caught by itself. */
    private static void assertEachMethodIsCaught(ArchRule rule, Class<?> fixture) {
        List<String> violations = Terrace.violations(rule, new ClassFileImporter().importClasses(fixture));
        assertThat(Stream.of(fixture.getDeclaredMethods()).filter(method -> !method.isSynthetic()))
                .isNotEmpty()
                .extracting(Method::getName)
                .allSatisfy(name -> assertThat(violations).anyMatch(violation -> violation.contains("." + name + "(")));
    }
}
