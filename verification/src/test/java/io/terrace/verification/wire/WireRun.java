// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.HighVolumeWireTest;
import io.terrace.testkit.LongTermWireTest;
import io.terrace.testkit.Rule;
import io.terrace.testkit.WiredEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * One run of the kit's wire classes against a client with a flaw.
 *
 * @param kept the rules whose tests passed
 * @param broken the rules whose tests failed
 */
record WireRun(Set<String> kept, Set<String> broken) {

    /** Where the rules of a section are checked. */
    private static final Map<String, DiscoverySelector> GROUPS = Map.of(
            "WR-1", group(RowKit.class, HighVolumeWireTest.class, "LosingAnswers"),
            "WR-2", group(RowKit.class, HighVolumeWireTest.class, "BreakingConnections"),
            "WR-3", group(RowKit.class, HighVolumeWireTest.class, "BreakingConnections"),
            "WB-1", group(BlobKit.class, LongTermWireTest.class, "LosingAnswers"),
            "WB-2", group(BlobKit.class, LongTermWireTest.class, "BreakingUploads"),
            "WB-3", group(BlobKit.class, LongTermWireTest.class, "BreakingReads"),
            "WB-4", group(BlobKit.class, LongTermWireTest.class, "HoldingBack"));

    /** JUnit makes the classes below on the thread of the run, so it cannot be handed in. */
    private static final ThreadLocal<Flaw> UNDER_TEST = ThreadLocal.withInitial(() -> Flaw.NONE);

    /** Both classes, whole. */
    static WireRun ofAll(Flaw flaw) {
        return of(flaw, Set.of(selectClass(RowKit.class), selectClass(BlobKit.class)));
    }

    /** The groups that the flaw breaks rules of. */
    static WireRun of(Flaw flaw) {
        return of(
                flaw,
                flaw.breaks().stream()
                        .map(rule -> GROUPS.get(rule.substring(0, rule.indexOf('.'))))
                        .collect(Collectors.toSet()));
    }

    private static WireRun of(Flaw flaw, Set<DiscoverySelector> groups) {
        UNDER_TEST.set(flaw);
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(groups.toArray(DiscoverySelector[]::new))
                // Not where the reports of right backends are, and for each run another one.
                .configurationParameter(
                        "terrace.conformance.directory",
                        Path.of("target", "mutants", flaw.name()).toString())
                .execute()
                .testEvents();
        return new WireRun(rulesOf(tests.succeeded()), rulesOf(tests.failed()));
    }

    private static DiscoverySelector group(Class<?> kit, Class<?> declaring, String name) {
        return selectNestedClass(List.of(kit.getName()), declaring.getName() + "$" + name);
    }

    private static Set<String> rulesOf(Events tests) {
        return tests.stream().map(WireRun::ruleOf).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String ruleOf(Event test) {
        return test.getTestDescriptor()
                .getSource()
                .map(MethodSource.class::cast)
                .map(source -> source.getJavaMethod().getAnnotation(Rule.class).value())
                .orElseThrow();
    }

    // Not found by Surefire, which looks for names that end in Test.
    static class RowKit extends HighVolumeWireTest {
        @Override
        protected WiredEnvironment<HighVolumeBackend> environment() {
            return RemoteEnvironment.ofRows(UNDER_TEST.get());
        }
    }

    static class BlobKit extends LongTermWireTest {
        @Override
        protected WiredEnvironment<LongTermBackend> environment() {
            return RemoteEnvironment.ofBlobs(UNDER_TEST.get());
        }

        @Override
        protected int largeBytes() {
            return (2 << 20) + 1;
        }
    }
}
