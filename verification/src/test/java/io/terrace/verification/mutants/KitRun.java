// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.terrace.spi.Backend;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.ChangeLogConformanceTest;
import io.terrace.testkit.HighVolumeConformanceTest;
import io.terrace.testkit.KnownDeviation;
import io.terrace.testkit.LongTermConformanceTest;
import io.terrace.testkit.ProviderConformanceTest;
import io.terrace.testkit.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * One run of a class of the kit against some backend.
 *
 * @param kept the rules whose tests passed
 * @param broken the rules whose tests failed
 * @param skipped the rules whose tests had nothing to check
 */
record KitRun(Set<String> kept, Set<String> broken, Set<String> skipped) {

    /** Where the kit reports what it found in the last run, by the backend's name and role. */
    static final Path REPORTS = Path.of("target", "mutants");

    static KitRun ofRows(Mutant<HighVolumeBackend> mutant, KnownDeviation... deviations) {
        return of(RowKit.class, mutant, deviations);
    }

    static KitRun ofBlobs(Mutant<LongTermBackend> mutant) {
        return of(BlobKit.class, mutant);
    }

    static KitRun ofLog(Mutant<ChangeLog> mutant) {
        return of(LogKit.class, mutant);
    }

    static KitRun ofProvider(ProviderMutant mutant) {
        ProviderKit.mutant = mutant;
        try {
            return of(ProviderKit.class);
        } finally {
            // Whatever else looks for providers afterwards finds it, too.
            ProviderUnderTest.Listed.is(new ProviderUnderTest());
        }
    }

    Set<String> all() {
        Set<String> all = new TreeSet<>(kept);
        all.addAll(broken);
        all.addAll(skipped);
        return all;
    }

    private static KitRun of(Class<?> kit, Mutant<?> mutant, KnownDeviation... deviations) {
        UnderTest.environment = mutant.environment();
        UnderTest.deviations = List.of(deviations);
        return of(kit);
    }

    private static KitRun of(Class<?> kit) {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(kit))
                // Not where the reports of right backends are.
                .configurationParameter("terrace.conformance.directory", REPORTS.toString())
                .execute()
                .testEvents();
        return new KitRun(rulesOf(tests.succeeded()), rulesOf(tests.failed()), rulesOf(tests.aborted()));
    }

    private static Set<String> rulesOf(Events tests) {
        return tests.stream().map(KitRun::ruleOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String ruleOf(Event test) {
        return test.getTestDescriptor()
                .getSource()
                .map(MethodSource.class::cast)
                .map(source -> source.getJavaMethod().getAnnotation(Rule.class).value())
                .orElseThrow();
    }

    /** What the classes below test now; JUnit makes them, so it cannot be handed in. */
    private static final class UnderTest {
        private static Supplier<? extends BackendEnvironment<? extends Backend>> environment = () -> {
            throw new IllegalStateException("no run");
        };
        private static List<KnownDeviation> deviations = List.of();

        @SuppressWarnings("unchecked") // the run that sets it chooses the class by the role
        static <B extends Backend> BackendEnvironment<B> make() {
            return (BackendEnvironment<B>) environment.get();
        }
    }

    // Not found by Surefire, which looks for names that end in Test.
    static class RowKit extends HighVolumeConformanceTest {
        @Override
        protected BackendEnvironment<HighVolumeBackend> environment() {
            return UnderTest.make();
        }

        @Override
        protected List<KnownDeviation> knownDeviations() {
            return UnderTest.deviations;
        }
    }

    static class BlobKit extends LongTermConformanceTest {
        @Override
        protected BackendEnvironment<LongTermBackend> environment() {
            return UnderTest.make();
        }
    }

    static class ProviderKit extends ProviderConformanceTest {
        private static ProviderMutant mutant = ProviderMutants.RIGHT;

        /** One for each test: what it was asked before is nothing that another test depends on. */
        ProviderKit() {
            ProviderUnderTest.Listed.is(mutant.provider().get());
        }

        @Override
        protected BackendProvider provider() {
            return new ProviderUnderTest.Listed();
        }

        @Override
        protected Map<String, String> options(BackendRole<?> role) {
            return Map.of("directory", "here");
        }
    }

    static class LogKit extends ChangeLogConformanceTest {
        @Override
        protected BackendEnvironment<ChangeLog> environment() {
            return UnderTest.make();
        }
    }
}
