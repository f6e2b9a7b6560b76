// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Only what a user must name is public: where it would be found by accident, it is found on purpose here. */
class PublicSurfaceTest {

    /** Whoever makes a type public says so here, and is asked why in review. */
    private static final Set<String> ENTRY_POINTS = Set.of(
            "tiered.TieredObjectStore",
            "tiered.TieredObjectStoreBuilder",
            "tiered.Finding",
            "tiered.InspectionDepth",
            "tiered.MaintenanceReport",
            "tiered.RecoveryReport",
            "tiered.SweepReport",
            "tiered.TieredObjectStoreMetrics",
            "tiered.UsecasePolicy",
            "kv.KeyValueStore",
            "kv.Bucket",
            "kv.BucketOptions",
            "kv.Entry",
            "kv.Revision",
            "kv.WriteOutcome",
            "kv.WatchEvent",
            "inmemory.InMemoryRows",
            "inmemory.InMemoryBlobs",
            "inmemory.InMemoryChangeLog",
            "inmemory.InMemoryProvider",
            "localfs.LocalFs",
            "localfs.LocalFsProvider",
            "localfs.Fsync",
            "rocksdb.RocksDbRows",
            "rocksdb.RocksDbProvider",
            "bigtable.BigtableRows",
            "bigtable.BigtableProvider",
            "s3.S3Blobs",
            "s3.S3Provider",
            "gcs.GcsBlobs",
            "gcs.GcsProvider");

    /** Parts that are for users as a whole. Every other part is an implementation. */
    private static final Set<String> OPEN = Set.of("config", "spi", "testkit", "cli");

    @Test
    void anImplementationShowsItsEntryPointsOnly() {
        rule(Terrace.ROOT, ENTRY_POINTS).check(Terrace.MAIN);
    }

    @Test
    void theRuleSeesTheBackends() {
        assertThat(Terrace.MAIN.stream().filter(implementation(Terrace.ROOT)))
                .anyMatch(type -> type.getName().equals("io.terrace.inmemory.InMemoryRows"));
    }

    @Test
    void aPublicTypeThatIsNoEntryPointIsCaught() {
        assertThat(Terrace.violations(
                        rule(Terrace.fixtureRoot("surface"), Set.of("backend.Entry")), Terrace.fixture("surface")))
                .hasSize(1)
                .first()
                .asString()
                .contains("surface.backend.Helper");
    }

    private static ArchRule rule(String root, Set<String> entryPoints) {
        return classes()
                .that(implementation(root))
                .and(DescribedPredicate.describe(
                        "are not within an entry point",
                        type -> !entryPoints.contains(outermost(type).getName().substring(root.length() + 1))))
                .and(DescribedPredicate.describe("are not nested in a hidden type", type -> type.getEnclosingClass()
                        .isEmpty()))
                .should()
                .notBePublic()
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> implementation(String root) {
        return DescribedPredicate.describe("belong to an implementation", type -> {
            String below = type.getPackageName()
                    .substring(Math.min(root.length(), type.getPackageName().length()));
            return type.getPackageName().startsWith(root + ".")
                    && OPEN.stream().noneMatch(part -> (below + ".").startsWith("." + part + "."));
        });
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(PublicSurfaceTest::outermost).orElse(type);
    }
}
