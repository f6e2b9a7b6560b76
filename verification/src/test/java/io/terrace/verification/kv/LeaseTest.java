// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import static io.terrace.verification.kv.Instance.TTL;
import static io.terrace.verification.kv.Instance.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.inmemory.InMemoryRows;
import io.terrace.kv.BucketOptions;
import io.terrace.kv.Entry;
import io.terrace.kv.Revision;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowListing;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** Who is alive: owners that stand still, observers that stand still, clocks that are wrong, and all races between them. */
class LeaseTest {
    /** The time to live, and a look or two. */
    private static final Duration SURELY = TTL.plus(Duration.ofSeconds(3));

    private final InMemoryRows rows = InMemoryRows.create(new ManualRuntime(0));
    private final Instance owner = new Instance(1, rows);
    private final Instance peer = new Instance(2, rows);
    private final List<String> told = peer.watch();

    @Test
    void aLivingOwnersEntryStaysAndKeepsItsRevision() {
        Revision revision = owner.create("a", "1");
        pass(TTL.multipliedBy(20), owner, peer);
        assertThat(told).containsExactly("=", "+a:1");
        assertThat(peer.entries()).extracting(Entry::revision).containsExactly(revision);
    }

    @Test
    void anEntryOfAnOwnerThatStandsStillIsRemovedWithinTheTimeToLiveAndALook() {
        owner.create("a", "1");
        pass(TTL.minus(Duration.ofSeconds(2)), peer);
        assertThat(told).containsExactly("=", "+a:1");
        pass(Duration.ofSeconds(5), peer);
        assertThat(told).containsExactly("=", "+a:1", "-a");
        assertThat(peer.entries()).isEmpty();
    }

    @Test
    void anOwnerThatWasFrozenPublishesItsEntryAgainOnce() {
        Revision before = owner.create("a", "1");
        pass(SURELY, peer);
        assertThat(told).containsExactly("=", "+a:1", "-a");
        pass(TTL.multipliedBy(10), owner, peer);
        assertThat(told).containsExactly("=", "+a:1", "-a", "+a:1");
        assertThat(peer.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.owner()).isEqualTo(owner.store.owner());
            assertThat(entry.revision()).isNotEqualTo(before);
        });
    }

    @Test
    void whatSomebodyElseTookMeanwhileIsNotPublishedAgainNorDeletedOnClose() {
        owner.create("a", "1");
        pass(SURELY, peer);
        peer.create("a", "2");
        pass(TTL.multipliedBy(3), owner, peer);
        owner.store.closeLater().block();
        assertThat(peer.entries()).singleElement().satisfies(entry -> {
            assertThat(Instance.text(entry)).isEqualTo("2");
            assertThat(entry.owner()).isEqualTo(peer.store.owner());
        });
    }

    @Test
    void whatSomebodyElseReplacedIsHisAlsoIfTheFirstOwnerCloses() {
        Revision first = owner.create("a", "1");
        peer.replace("a", first, "2");
        owner.store.closeLater().block();
        assertThat(peer.entries()).extracting(Instance::text).containsExactly("2");
    }

    @Test
    void whatSomebodyElseTakesAtTheLastMomentStaysHis() {
        owner.create("a", "1");
        pass(SURELY, peer);
        owner.interposed.before(SpiOperation.ROW_CAS, () -> peer.create("a", "2"));
        pass(TTL, owner, peer);
        assertThat(owner.interposed.happened()).isTrue();
        assertThat(peer.entries()).extracting(Instance::text).containsExactly("2");
    }

    @Test
    void aSignOfLifeBetweenTheLookAndTheRemovalSavesTheEntry() {
        owner.create("a", "1");
        peer.interposed.before(SpiOperation.ROW_CAS, () -> owner.runtime.advance(TTL.dividedBy(3)));
        pass(SURELY, peer);
        assertThat(peer.interposed.happened()).as("somebody tried to remove it").isTrue();
        assertThat(told).containsExactly("=", "+a:1");
        assertThat(peer.entries()).hasSize(1);
    }

    @Test
    void whatIsRemovedIsTheVersionThatWasSeenAndNoLaterOne() {
        owner.create("a", "1");
        pass(SURELY, peer);
        List<SpiOperation> operations = peer.traffic.operations();
        long looks = operations.subList(0, operations.indexOf(SpiOperation.ROW_CAS)).stream()
                .filter(operation -> operation == SpiOperation.ROW_SCAN)
                .count();

        // The same again without the look that began the watch, and at the end of the last look there is a sign of
        // life.
        InMemoryRows others = InMemoryRows.create(new ManualRuntime(0));
        Instance alive = new Instance(1, others);
        Instance observer = new Instance(2, others);
        observer.interposed.afterScan(looks - 2, () -> alive.runtime.advance(TTL.dividedBy(3)));
        Revision revision = alive.create("a", "1");
        pass(SURELY, observer);
        assertThat(observer.interposed.happened()).isTrue();
        assertThat(observer.traffic.operations()).as("it tried").contains(SpiOperation.ROW_CAS);
        assertThat(observer.entries()).extracting(Entry::revision).containsExactly(revision);
    }

    @Test
    void anEntryThatIsDeletedWhileItIsPublishedAgainGoesAgain() {
        owner.create("a", "1");
        pass(SURELY, peer);
        owner.interposed.before(
                SpiOperation.ROW_CAS,
                () -> assertThat(owner.bucket.delete("a").block()).isFalse());
        pass(TTL, owner, peer);
        assertThat(owner.interposed.happened()).isTrue();
        assertThat(peer.entries()).isEmpty();
        pass(TTL, owner, peer);
        assertThat(peer.entries()).isEmpty();
    }

    @Test
    void anOwnerAdoptsTheVersionThatSomebodyElseBumped() {
        owner.create("a", "1");
        pass(TTL.dividedBy(2), owner, peer);
        RowListing.ListedRow row = Objects.requireNonNull(
                rows.scan("terrace.kv/bucket.workers/", "").blockFirst());
        rows.bump(row.id(), row.head(), RowChange.fence(1)).block();
        pass(TTL.multipliedBy(5), owner, peer);
        assertThat(told).containsExactly("=", "+a:1");
    }

    @Test
    void oneSignOfLifeMayFail() {
        owner.create("a", "1");
        pass(TTL, owner, peer);
        for (int i = 0; i < 5; i++) {
            owner.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, Fault.FAIL_NOT_APPLIED));
            pass(TTL, owner, peer);
        }
        assertThat(owner.faults.injected(Fault.FAIL_NOT_APPLIED)).isEqualTo(5);
        assertThat(told).containsExactly("=", "+a:1");
    }

    @Test
    void aSignOfLifeThatHangsHoldsUpNoOther() {
        for (int i = 0; i < 20; i++) {
            owner.create("k" + i, "1");
        }
        pass(TTL, owner, peer);
        owner.faults.follow(FaultPlan.on(SpiOperation.ROW_BUMP, 1, Fault.HANG));
        pass(TTL.multipliedBy(5), owner, peer);
        assertThat(owner.faults.injected(Fault.HANG)).isEqualTo(1);
        assertThat(told).noneMatch(word -> word.startsWith("-"));
    }

    @Test
    void wallClocksAnHourOffChangeNothing() {
        owner.runtime.jumpWallClock(Duration.ofHours(1));
        peer.runtime.jumpWallClock(Duration.ofHours(-1));
        owner.create("a", "1");
        pass(TTL.multipliedBy(5), owner, peer);
        owner.runtime.jumpWallClock(Duration.ofHours(-2));
        peer.runtime.jumpWallClock(Duration.ofHours(2));
        pass(TTL.multipliedBy(5), owner, peer);
        assertThat(told).containsExactly("=", "+a:1");
        pass(SURELY, peer);
        assertThat(told).containsExactly("=", "+a:1", "-a");
    }

    @Test
    void anObserverThatWasSuspendedWithAllOwnersRemovesNothing() {
        owner.create("a", "1");
        pass(TTL, owner, peer);
        Sinks.Empty<Void> gate = peer.interposed.holdScan();
        pass(Duration.ofSeconds(2), peer);
        assertThat(peer.interposed.holdsNothing()).isTrue();
        peer.runtime.advance(Duration.ofHours(1));
        gate.tryEmitEmpty();
        // Its next looks come before the owner is awake again.
        pass(TTL.dividedBy(3), peer);
        pass(TTL.multipliedBy(3), owner, peer);
        assertThat(told).containsExactly("=", "+a:1");
    }

    @Test
    void aNewObserverWaitsTheWholeTimeToLive() {
        owner.create("a", "1");
        pass(TTL.minus(Duration.ofSeconds(2)), peer);
        Instance late = new Instance(3, rows);
        List<String> toldLate = late.watch();
        pass(TTL.minus(Duration.ofSeconds(2)), late);
        assertThat(toldLate).containsExactly("=a:1");
        pass(Duration.ofSeconds(5), late);
        assertThat(toldLate).containsExactly("=a:1", "-a");
    }

    @Test
    void anOwnerNeverRemovesItsOwnEntry() {
        Revision revision = owner.create("a", "1");
        owner.faults.follow(FaultPlan.always(SpiOperation.ROW_BUMP, Fault.FAIL_NOT_APPLIED));
        pass(TTL.multipliedBy(3), owner);
        assertThat(owner.entries()).extracting(Entry::revision).containsExactly(revision);
    }

    @Test
    void anErrorWithOneEntryDoesNotKeepTheOthers() {
        owner.create("a", "1");
        owner.create("b", "2");
        owner.create("c", "3");
        peer.faults.follow(FaultPlan.on(SpiOperation.ROW_CAS, 1, Fault.FAIL_NOT_APPLIED));
        pass(SURELY.plus(Duration.ofSeconds(3)), peer);
        assertThat(peer.faults.injected(Fault.FAIL_NOT_APPLIED)).isEqualTo(1);
        assertThat(peer.entries()).isEmpty();
    }

    @Test
    void closeDeletesWhatIsOwnedAndNothingElse() {
        owner.create("a", "1");
        owner.create("b", "1");
        peer.create("c", "2");
        pass(TTL, owner, peer);
        owner.store.closeLater().block();
        owner.store.closeLater().block();
        assertThat(peer.entries()).extracting(Entry::key).containsExactly("c");
        assertThat(owner.runtime.pendingTimers()).as("nothing remains").isZero();
    }

    @Test
    void closeDeletesWhatWasBumpedMeanwhile() {
        owner.create("a", "1");
        RowListing.ListedRow row = Objects.requireNonNull(
                rows.scan("terrace.kv/bucket.workers/", "").blockFirst());
        rows.bump(row.id(), row.head(), RowChange.fence(1)).block();
        owner.store.closeLater().block();
        assertThat(peer.entries()).isEmpty();
    }

    @Test
    void entriesOfAPermanentBucketStay() {
        InMemoryRows others = InMemoryRows.create(new ManualRuntime(0));
        Instance writer = new Instance(4, others, BucketOptions.permanent(), settings -> settings);
        Instance reader = new Instance(5, others, BucketOptions.permanent(), settings -> settings);
        writer.create("a", "1");
        writer.store.closeLater().block();
        pass(Duration.ofMinutes(10), reader);
        assertThat(reader.entries()).hasSize(1);
        assertThat(reader.runtime.pendingTimers()).as("nobody needs to look").isZero();
    }
}
