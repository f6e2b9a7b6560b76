// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TransientException;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.RecoveryReport;
import io.terrace.tiered.SweepReport;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Recovery, sweep, inspection, and what a builder refuses. */
class MaintenanceTest {

    private final Engine engine = new Engine();

    @Test
    void aStoreRecoversWhenItIsOpened() {
        leaveAnEntry();
        engine.another(builder -> builder.recoverOnOpen(true));
        assertThat(engine.entries()).isEmpty();
        assertThat(engine.blobs()).isEmpty();
    }

    @Test
    void oneEntryThatCannotBeSettledDoesNotKeepTheOthers() {
        leaveAnEntry();
        leaveAnEntry();
        String stuck = engine.entries().get(0).id().toString();
        engine.faults.follow(call ->
                call.operation() == SpiOperation.BLOB_DELETE && call.target().contains(stuck)
                        ? Fault.FAIL_NOT_APPLIED
                        : Fault.OK);
        TieredObjectStore other = engine.another(builder -> builder);
        assertThat(engine.finish(other.recover())).isEqualTo(new RecoveryReport(1, 0, 1));
        assertThat(engine.entries()).hasSize(1);
    }

    @Test
    void aBacklogIsWorkedOffByItselfOnceTheTierIsBack() {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(SpiOperation.BLOB_DELETE, Fault.FAIL_NOT_APPLIED));
        engine.put(Engine.SMALL);
        engine.runtime.advance(Duration.ofMinutes(10));
        assertThat(engine.blobs()).hasSize(1);
        engine.faults.follow(FaultPlan.none());
        engine.runtime.advance(Duration.ofHours(2));
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
        assertThat(engine.runtime.pendingTimers()).as("and then it is idle").isZero();
    }

    @Test
    void aPinnedBlobIsKeptUntilItIsUnpinnedAndDrained() {
        Engine pinned = new Engine(builder -> builder.honourPins(true));
        pinned.put(Engine.LARGE);
        pinned.log.pins().pin("a checkpoint").block();
        pinned.put(Engine.SMALL);
        assertThat(pinned.blobs()).hasSize(1);
        assertThat(pinned.finish(pinned.store.recover())).isEqualTo(new RecoveryReport(0, 1, 0));
        pinned.log.pins().unpin("a checkpoint").block();
        assertThat(pinned.finish(pinned.store.recover())).isEqualTo(new RecoveryReport(1, 0, 0));
        assertThat(pinned.blobs()).isEmpty();
    }

    @Test
    void aSweepDeletesWhatNothingRefersToAndNothingElse() {
        engine.put(Engine.LARGE);
        BlobId orphan = orphan();
        leaveAnEntry();
        SweepReport report = Objects.requireNonNull(engine.finish(engine.store.sweep()));
        assertThat(report.deleted()).isEqualTo(1);
        assertThat(engine.blobs()).doesNotContain(orphan);
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
    }

    @Test
    void anInspectionOfAStoreInOrderFindsNothing() {
        engine.put(Engine.LARGE);
        engine.finish(engine.store.put(other("b"), ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL)));
        assertThat(inspect()).isEmpty();
    }

    @Test
    void anInspectionNamesWhatIsWrong() {
        engine.put(Engine.LARGE);
        engine.blobs.delete(engine.blobs().get(0)).block();
        BlobId orphan = orphan();
        ObjectMetadata brief = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofSeconds(1)))
                .build();
        engine.finish(engine.store.put(other("brief"), brief, Payload.ofText(Engine.SMALL)));
        engine.runtime.advance(Duration.ofMinutes(1));
        leaveAnEntry();

        assertThat(inspect())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(
                        Finding.Kind.DANGLING, Finding.Kind.ORPHAN, Finding.Kind.EXPIRED, Finding.Kind.OPEN_CHANGE);
        assertThat(inspect()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.ORPHAN);
            assertThat(finding.blob()).isEqualTo(orphan);
        });
    }

    @Test
    void aScanListsWhatIsThere() {
        engine.put(Engine.LARGE);
        engine.finish(engine.store.put(other("b"), ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL)));
        engine.finish(engine.store.put(other("gone"), ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL)));
        engine.finish(engine.store.delete(other("gone")));
        assertThat(engine.finish(engine.store.scan("").map(ObjectInfo::id).collectList()))
                .containsExactlyInAnyOrder(Engine.ID, other("b"));
        assertThat(engine.finish(engine.store.scan("elsewhere/").collectList())).isEmpty();
    }

    @Test
    void aCheckAsksEveryTier() {
        assertThat(engine.finish(engine.store.check()))
                .satisfies(health ->
                        assertThat(Objects.requireNonNull(health).healthy()).isTrue());
    }

    @Test
    void aBuilderSaysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> TieredObjectStore.builder()
                        .inlineThreshold(-1)
                        .commitDeadline(Duration.ZERO)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("high-volume tier is missing")
                .hasMessageContaining("long-term tier is missing")
                .hasMessageContaining("change log is missing")
                .hasMessageContaining("option 'inline-threshold' is '-1'")
                .hasMessageContaining("option 'commit-deadline' is '0ms': must be longer than zero");
    }

    @Test
    void aBuilderRefusesMarkersThatAreCollectedTooSoon() {
        ManualRuntime runtime = new ManualRuntime(1);
        assertThatThrownBy(() -> TieredObjectStore.builder()
                        .highVolume(InMemoryRows.builder(runtime)
                                .markerRetention(Duration.ofMinutes(10))
                                .build())
                        .longTerm(InMemoryBlobs.create())
                        .changeLog(InMemoryChangeLog.create())
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("PT10M30S");
    }

    @Test
    void tiersAreFoundByNameAndAWrongNameSaysWhichThereAre() {
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("inmemory", Map.of())
                .longTerm("inmemory", Map.of())
                .changeLog("inmemory", Map.of())
                .build();
        store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("found")).block();
        store.closeLater(Duration.ofSeconds(5)).block();
        assertThatThrownBy(() -> TieredObjectStore.builder()
                        .highVolume("inmemorry", Map.of())
                        .longTerm("inmemory", Map.of())
                        .changeLog("inmemory", Map.of())
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("inmemory (");
    }

    private List<Finding> inspect() {
        return Objects.requireNonNull(
                engine.finish(engine.store.inspect(InspectionDepth.CONTENT).collectList()));
    }

    private static ObjectId other(String key) {
        return ObjectId.of(ObjectContext.of("tests"), key);
    }

    private BlobId orphan() {
        BlobId orphan = new BlobId(other("orphan"), new UUID(0x7000, 0x8000000000000000L));
        engine.blobs
                .put(orphan, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE), CommitGate.OPEN)
                .block();
        return orphan;
    }

    /** What a process leaves that dies just before its compare-and-set. */
    private void leaveAnEntry() {
        TieredObjectStore dying = engine.another(builder -> builder);
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_CAS, Fault.FAIL_NOT_APPLIED)
                .or(FaultPlan.always(SpiOperation.ROW_BUMP, Fault.FAIL_NOT_APPLIED)));
        assertThatThrownBy(() -> engine.finish(
                        dying.put(other("dying"), ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))))
                .isInstanceOf(TransientException.class);
        engine.finish(dying.closeLater(Duration.ofSeconds(30)));
        engine.faults.follow(FaultPlan.none());
    }
}
