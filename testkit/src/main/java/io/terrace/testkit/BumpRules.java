// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import io.terrace.testkit.RowState.Installed;
import java.util.ArrayList;
import java.util.List;

/** HV-6: advancing the version of a row without changing its value. */
abstract class BumpRules {

    private static final int ROUNDS = 30;
    private static final Deadline FUTURE = new Deadline(4_000_000_000_000_000L);

    private final Rows rows;

    BumpRules(HighVolumeConformanceTest kit) {
        this.rows = kit.rows();
    }

    @Rule("HV-6.1")
    void aFenceAdvancesTheCounterAndChangesNothingElse() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            String payload = Rows.text(rows.full(id));
            RowVersion version = Rows.applied(rows.bump(id, before, RowChange.fence(99)));

            assertThat(version).as("%s", state).isEqualTo(next(before));
            assertChanged(state, rows.head(id), before, before.deadline());
            assertThat(Rows.text(rows.full(id))).as("%s", state).isEqualTo(payload);
        }
    }

    @Rule("HV-6.2")
    void aFenceOfAnAbsentRowWritesAMarkerAtTheGivenCounter() {
        for (long start : new long[] {1, Rows.WHEN_ABSENT, Long.MAX_VALUE, Long.MIN_VALUE}) {
            ObjectId id = rows.fresh();
            RowVersion version = Rows.applied(rows.bump(id, RowHead.ABSENT, RowChange.fence(start)));

            assertThat(version).isEqualTo(RowVersion.of(WriteId.NONE, start));
            Rows.assertHead(rows.head(id), RowKind.MARKER, version, Deadline.NONE, null, null);
        }
    }

    @Rule("HV-6.3")
    void aDeadlineIsReplacedAndEverythingElseStays() {
        for (RowState state : RowState.present()) {
            if (state.kind() != RowKind.MARKER) {
                ObjectId id = rows.fresh();
                RowHead before = state.install(rows, id);
                Deadline later = new Deadline(1_900_000_000_000_000L);
                Rows.applied(rows.bump(id, before, RowChange.deadline(later)));

                assertChanged(state, rows.head(id), before, later);
            }
        }
    }

    @Rule("HV-6.4")
    void metadataAreReplacedAndTheValueStays() {
        for (RowState state : List.of(RowState.INLINE, RowState.INLINE_BUMPED, RowState.TOMBSTONE)) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            String payload = Rows.text(rows.full(id));
            Rows.applied(rows.bump(id, before, RowChange.metadata(Samples.metadata("other"), Rows.EXPIRED)));

            Rows.assertHead(
                    rows.head(id),
                    state.kind(),
                    next(before),
                    Rows.EXPIRED,
                    Samples.metadata("other"),
                    before.target());
            Rows.applied(rows.bump(id, rows.head(id), RowChange.deadline(Deadline.NONE)));
            assertThat(Rows.text(rows.full(id))).as("%s", state).isEqualTo(payload);
        }
    }

    @Rule("HV-6.5")
    void aDeadTombstoneIsRetiredToAMarkerThatKeepsItsWriteId() {
        ObjectId id = rows.fresh();
        RowHead before = RowState.TOMBSTONE_DEAD.install(rows, id);
        Rows.applied(rows.bump(id, before, RowChange.retire()));

        Rows.assertHead(rows.head(id), RowKind.MARKER, next(before), Deadline.NONE, null, null);
    }

    @Rule("HV-6.6")
    void anyOtherVersionRefusesAndNothingChanges() {
        for (RowState state : RowState.values()) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            RowVersion version = before.version();
            List<RowVersion> others = List.of(
                    RowVersion.of(Rows.writeId(), version.bump()),
                    RowVersion.of(version.writeId(), version.bump() + 1),
                    RowVersion.of(version.writeId(), version.bump() - 1));
            for (RowVersion other : others) {
                for (RowChange change : List.of(RowChange.fence(7), RowChange.deadline(Deadline.NONE))) {
                    Rows.refused(rows.bump(id, at(other), change));
                    assertThat(rows.head(id))
                            .as("%s bumped from %s", state, other)
                            .isEqualTo(before);
                }
            }
        }
    }

    @Rule("HV-6.7")
    void aRowThatExistsIsNotFencedAsAbsent() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            Rows.refused(rows.bump(id, RowHead.ABSENT, RowChange.fence(7)));
            assertThat(rows.head(id)).as("%s", state).isEqualTo(before);
        }
    }

    @Rule("HV-6.8")
    void aChangeThatDoesNotFitTheRowFailsAndChangesNothing() {
        for (RowState state : RowState.values()) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            if (state != RowState.TOMBSTONE_DEAD) {
                Await.error(rows.backend().bump(id, before, RowChange.retire()));
            }
            if (before.metadata() == null) {
                Await.error(rows.backend().bump(id, before, RowChange.deadline(Deadline.DEAD)));
            }
            assertThat(rows.head(id)).as("%s", state).isEqualTo(before);
        }
    }

    @Rule("HV-6.9")
    void theCounterIsUnsignedAndCarries() {
        for (long n : new long[] {254, 255, 0xFFFF, 0x7FFF_FFFFL, 0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE, -2}) {
            ObjectId id = rows.fresh();
            RowHead head = rows.bumped(id, RowHead.ABSENT, RowChange.fence(n));
            for (long other : new long[] {n - 1, n + 1, n ^ Long.MIN_VALUE, n ^ (1L << 32), n & 0xFF}) {
                if (other != n) {
                    Rows.refused(rows.cas(id, RowVersion.of(WriteId.NONE, other), Rows.inline("never")));
                }
            }
            RowHead bumped = rows.bumped(id, head, RowChange.fence(1));
            assertThat(bumped.version()).isEqualTo(RowVersion.of(WriteId.NONE, n + 1));
        }
    }

    @Rule(value = "HV-6.10", requirement = Requirement.STOCHASTIC)
    void ofManyBumpsOfOneVersionExactlyOneIsApplied() {
        List<RowState> states = List.of(RowState.values());
        for (Installed row : RowState.installEach(rows, states)) {
            Rows.applied(rows.bump(row.id(), row.head(), RowChange.fence(1)));
            Rows.refused(rows.bump(row.id(), row.head(), RowChange.fence(2)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            ObjectId id = rows.fresh();
            RowHead head = states.get(round % states.size()).install(rows, id);
            List<CasOutcome> outcomes = Race.of(Race.RACERS, racer -> rows.bump(id, head, RowChange.fence(racer + 1)));
            assertThat(outcomes.stream().filter(Rows::isApplied)).hasSize(1);
        }
    }

    @Rule(value = "HV-6.11", requirement = Requirement.STOCHASTIC)
    void ofABumpAndAWriteOfOneVersionExactlyOneIsApplied() {
        List<RowState> states = List.of(RowState.values());
        for (Installed row : RowState.installEach(rows, states)) {
            Rows.applied(rows.bump(row.id(), row.head(), RowChange.fence(5)));
            Rows.refused(rows.cas(row.id(), row.head().version(), Rows.inline("late")));
        }
        for (Installed row : RowState.installEach(rows, states)) {
            Rows.applied(rows.cas(row.id(), row.head().version(), Rows.inline("new")));
            Rows.refused(rows.bump(row.id(), row.head(), RowChange.fence(5)));
        }
        List<Runnable> checks = new ArrayList<>();
        for (int round = 0; round < 3 * ROUNDS; round++) {
            ObjectId id = rows.fresh();
            RowHead head = states.get(round % states.size()).install(rows, id);
            List<CasOutcome> outcomes = Race.of(
                    2,
                    racer -> racer == 0
                            ? rows.cas(id, head.version(), Rows.inline("new"))
                            : rows.bump(id, head, RowChange.fence(5)));
            assertThat(outcomes.stream().filter(Rows::isApplied)).hasSize(1);

            boolean written = Rows.isApplied(outcomes.get(0));
            checks.add(() -> assertWinner(written, rows.full(id), head));
        }
        // The loser must not land later either.
        Await.remains(() -> checks.forEach(Runnable::run));
    }

    @Rule("HV-6.12")
    void aRefusalReportsTheRowThatRefusedOrNothing() {
        for (RowState state : RowState.values()) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);
            RowHead observed = Rows.refused(rows.bump(id, at(RowVersion.of(Rows.writeId(), 0)), RowChange.fence(5)))
                    .observed();

            assertThat(observed == null || observed.equals(head))
                    .as("%s: %s is neither null nor %s", state, observed, head)
                    .isTrue();
        }
    }

    @Rule("HV-6.13")
    void aHeadThatTheCallerDerivedFromTheLastBumpIsAsGoodAsOneThatWasRead() {
        for (RowState state : RowState.of(RowKind.INLINE)) {
            derivedHeadIsAccepted(state);
        }
        RowState.of(RowKind.TOMBSTONE).forEach(this::derivedHeadIsAccepted);
    }

    @Rule("HV-6.14")
    void aTouchExtendsALiveRowAndIsRefusedByAnExpiredOne() {
        RowChange touch = RowChange.touch(Samples.metadata("touched"), FUTURE);
        for (RowState state : RowState.present()) {
            if (state.kind() == RowKind.MARKER) {
                continue;
            }
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            String payload = Rows.text(rows.full(id));
            RowHead live = rows.bumped(id, before, RowChange.deadline(FUTURE));
            Rows.applied(rows.bump(id, live, touch));
            RowHead touched = rows.head(id);

            Rows.assertHead(touched, state.kind(), next(live), FUTURE, Samples.metadata("touched"), before.target());
            assertThat(Rows.text(rows.full(id))).as("%s", state).isEqualTo(payload);

            for (Deadline past : List.of(Rows.EXPIRED, Deadline.DEAD)) {
                rows.bump(id, rows.head(id), RowChange.deadline(past));
                RowHead expired = rows.head(id);
                Rows.refused(rows.bump(id, expired, touch));
                assertThat(rows.head(id)).as("%s", state).isEqualTo(expired);
            }
        }
    }

    private void derivedHeadIsAccepted(RowState state) {
        ObjectId id = rows.fresh();
        RowHead before = state.install(rows, id);
        String payload = Rows.text(rows.full(id));
        RowChange first = RowChange.deadline(Deadline.NONE);
        RowVersion version = Rows.applied(rows.bump(id, before, first));
        // By another clock than the backend's: only the version counts.
        RowHead derived = first.applyTo(before, before.lastWriteMicros() + 12_345)
                .withVersion(RowVersion.of(version.writeId(), version.bump()));
        Rows.applied(rows.bump(id, derived, RowChange.fence(1)));

        Rows.assertHead(rows.head(id), state.kind(), next(derived), Deadline.NONE, before.metadata(), before.target());
        assertThat(Rows.text(rows.full(id))).as("%s", state).isEqualTo(payload);
    }

    private static void assertWinner(boolean written, Row row, RowHead before) {
        if (written) {
            assertThat(Rows.text(row)).isEqualTo("new");
            assertThat(row.version().bump()).isZero();
        } else {
            assertThat(row.version()).isEqualTo(before.version().bumped(5));
        }
    }

    private static RowVersion next(RowHead head) {
        return RowVersion.of(head.writeId(), head.version().bump() + 1);
    }

    /** A head of which the version is all that counts. */
    private static RowHead at(RowVersion version) {
        return new RowHead(RowKind.INLINE, version, Deadline.NONE, 0, Samples.metadata("old"), null);
    }

    private static void assertChanged(RowState state, RowHead head, RowHead before, Deadline deadline) {
        assertThat(head.lastWriteMicros()).as("%s", state).isGreaterThanOrEqualTo(before.lastWriteMicros());
        Rows.assertHead(head, state.kind(), next(before), deadline, before.metadata(), before.target());
    }
}
