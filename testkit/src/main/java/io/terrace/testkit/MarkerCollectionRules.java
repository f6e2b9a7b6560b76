// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.testkit.RowState.Installed;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** HV-8: removing rows that nobody needs any more, in a pass or by the store itself. */
abstract class MarkerCollectionRules {

    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** What the engine counts on where there is no facet to ask. */
    private static final Duration LEAST_RETENTION = Duration.ofHours(25);

    private final HighVolumeConformanceTest kit;
    private final Rows rows;

    MarkerCollectionRules(HighVolumeConformanceTest kit) {
        this.kit = kit;
        this.rows = kit.rows();
    }

    @Rule(value = "HV-8.1", requirement = Requirement.CAPABILITY)
    void noRowIsRemovedBeforeTheRetentionAfterItsLastWrite() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        ManualRuntime clock = kit.clock();
        List<Installed> all = RowState.installEach(rows, RowState.present());
        clock.advance(collection.retention().minus(MOMENT));

        assertThat(Await.value(collection.collectMarkers())).isZero();
        assertThat(all).allSatisfy(row -> assertThat(rows.head(row.id())).isEqualTo(row.head()));
    }

    @Rule(value = "HV-8.2", requirement = Requirement.CAPABILITY)
    void anOldMarkerIsRemovedAndCounted() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        ObjectId deleted = rows.fresh();
        RowState.MARKER.install(rows, deleted);
        ObjectId fenced = rows.fresh();
        RowHead fence = RowState.MARKER_OF_NOTHING.install(rows, fenced);
        age(collection);

        assertThat(Await.value(collection.collectMarkers())).isEqualTo(2);
        assertThat(rows.head(deleted).isAbsent()).isTrue();
        Rows.refused(rows.cas(fenced, fence.version(), Rows.inline("never")));
        Rows.applied(rows.cas(fenced, RowVersion.ABSENT, Rows.inline("new")));
    }

    @Rule(value = "HV-8.3", requirement = Requirement.CAPABILITY)
    void aBumpIsAWriteAndMakesTheRowYoungAgain() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        ObjectId id = rows.fresh();
        RowHead marker = RowState.MARKER.install(rows, id);
        kit.clock().advance(collection.retention().minus(MOMENT));
        RowHead bumped = rows.bumped(id, marker, RowChange.fence(1));
        kit.clock().advance(MOMENT.multipliedBy(2));

        assertThat(Await.value(collection.collectMarkers())).isZero();
        assertThat(rows.head(id)).isEqualTo(bumped);
    }

    @Rule(value = "HV-8.4", requirement = Requirement.CAPABILITY)
    void anInlineRowIsRemovedOnlyWhenItsDeadlineIsPastAndItsLastWriteOld() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        ManualRuntime clock = kit.clock();
        ObjectId live = rows.fresh();
        rows.install(live, Rows.inline("live"));
        ObjectId later = rows.fresh();
        Deadline afterwards =
                Deadline.at(clock.now().plus(collection.retention()).plus(MOMENT.multipliedBy(9)));
        rows.install(later, new RowWrite.Inline(Rows.writeId(), Rows.object("later", afterwards)));
        ObjectId expired = rows.fresh();
        RowState.INLINE_EXPIRED.install(rows, expired);
        age(collection);

        assertThat(Await.value(collection.collectMarkers())).isEqualTo(1);
        assertThat(rows.head(expired).isAbsent()).isTrue();
        assertThat(Rows.text(rows.full(live))).isEqualTo("live");
        assertThat(Rows.text(rows.full(later))).isEqualTo("later");
        clock.advance(MOMENT.multipliedBy(9));
        assertThat(Await.value(collection.collectMarkers())).isEqualTo(1);
        assertThat(rows.head(live).kind()).isEqualTo(RowKind.INLINE);
    }

    @Rule(value = "HV-8.5", requirement = Requirement.CAPABILITY)
    void aTombstoneIsNeverRemoved() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        List<Installed> tombstones = RowState.installEach(rows, RowState.of(RowKind.TOMBSTONE));
        for (int i = 0; i < 3; i++) {
            age(collection);
            assertThat(Await.value(collection.collectMarkers())).isZero();
        }

        assertThat(tombstones).allSatisfy(row -> assertThat(rows.head(row.id())).isEqualTo(row.head()));
    }

    @Rule(value = "HV-8.6", requirement = Requirement.CAPABILITY)
    void aRowThatIsWrittenDuringAPassStays() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        for (int round = 0; round < 20; round++) {
            List<ObjectId> ids = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ids.add(rows.fresh());
                RowState.MARKER.install(rows, ids.get(i));
            }
            age(collection);
            Callable<Integer> collect =
                    () -> Await.value(collection.collectMarkers()).intValue();
            long pauseNanos = round * 50_000L;
            Callable<Integer> write = () -> {
                // A little later each time, so that some round meets the middle of a pass.
                LockSupport.parkNanos(pauseNanos);
                ids.forEach(id -> rows.put(id, Rows.writeId(), Rows.object("new")));
                return 0;
            };
            // A race may have the same winner every time, so both orders come first.
            List<List<Callable<Integer>>> turns = round == 0
                    ? List.of(List.of(collect), List.of(write))
                    : round == 1 ? List.of(List.of(write), List.of(collect)) : List.of(List.of(collect, write));
            turns.forEach(Race::of);

            assertThat(ids)
                    .allSatisfy(id -> assertThat(Rows.text(rows.full(id))).isEqualTo("new"));
        }
    }

    @Rule(value = "HV-8.7", requirement = Requirement.CAPABILITY)
    void aVersionOtherThanAbsentNeverComesBack() {
        MarkerCollection collection = kit.facet(MarkerCollection.class);
        ObjectId id = rows.fresh();
        RowHead first = RowState.MARKER_OF_NOTHING.install(rows, id);
        age(collection);
        Await.done(collection.collectMarkers());
        CasOutcome second = rows.bump(id, RowHead.ABSENT, RowChange.fence(Rows.WHEN_ABSENT + 1));

        assertThat(Rows.applied(second)).isEqualTo(RowVersion.of(WriteId.NONE, Rows.WHEN_ABSENT + 1));
        assertThat(Rows.isApplied(rows.cas(id, first.version(), Rows.inline("never"))))
                .isFalse();
    }

    @Rule(value = "HV-8.8", requirement = Requirement.CAPABILITY)
    void aStoreThatCollectsByItselfRemovesNoRowTooEarly() {
        kit.assume(Capability.COLLECTS_MARKERS);
        ManualRuntime clock = kit.clock();
        List<Installed> all = RowState.installEach(rows, RowState.present());
        clock.advance(LEAST_RETENTION.minus(MOMENT));
        writeAndReopen();

        assertThat(all).allSatisfy(row -> assertThat(rows.head(row.id())).isEqualTo(row.head()));
    }

    @Rule(value = "HV-8.9", requirement = Requirement.CAPABILITY)
    void aStoreThatCollectsByItselfNeverRemovesWhatIsStillNeeded() {
        kit.assume(Capability.COLLECTS_MARKERS);
        ManualRuntime clock = kit.clock();
        List<Installed> needed = new ArrayList<>(RowState.installEach(rows, RowState.of(RowKind.TOMBSTONE)));
        needed.addAll(RowState.installEach(rows, List.of(RowState.INLINE, RowState.INLINE_BUMPED)));
        clock.advance(LEAST_RETENTION.multipliedBy(100));
        writeAndReopen();

        assertThat(needed).allSatisfy(row -> assertThat(rows.head(row.id())).isEqualTo(row.head()));
    }

    /** The occasions that a store may take to collect. */
    private void writeAndReopen() {
        rows.install(rows.fresh(), Rows.inline("new"));
        rows.put(rows.fresh(), Rows.writeId(), Rows.object("new"));
        if (rows.backend().capabilities().contains(Capability.DURABLE)) {
            kit.reopen();
        }
    }

    private void age(MarkerCollection collection) {
        kit.clock().advance(collection.retention().plus(MOMENT));
    }
}
