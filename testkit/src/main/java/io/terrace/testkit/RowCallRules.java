// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.testkit.RowState.Installed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** HV-1: what holds for every operation on rows. */
abstract class RowCallRules {

    private final HighVolumeConformanceTest kit;
    private final Rows rows;

    RowCallRules(HighVolumeConformanceTest kit) {
        this.kit = kit;
        this.rows = kit.rows();
    }

    @Rule(value = "HV-1.1", requirement = Requirement.STOCHASTIC)
    void aReadThatBeginsAfterAWriteWasAnsweredSeesItOrALaterOne() {
        ObjectId id = rows.fresh();
        AtomicInteger answered = new AtomicInteger(-1);
        AtomicInteger newest = new AtomicInteger(-1);

        Beside.of(
                i -> {
                    rows.put(id, Rows.writeId(), Rows.object("" + i));
                    answered.set(i);
                },
                () -> {
                    int atLeast = Math.max(newest.get(), answered.get());
                    newest.set(number(rows.backend().read(id, RowProjection.FULL)));
                    assertThat(newest.get()).isGreaterThanOrEqualTo(atLeast);
                });
        assertThat(number(rows.backend().read(id, RowProjection.FULL))).isEqualTo(answered.get());
    }

    @Rule("HV-1.2")
    void expiredAndDeadRowsAreReadAndComparedLikeOthers() {
        for (RowState state : List.of(RowState.INLINE_EXPIRED, RowState.TOMBSTONE_EXPIRED, RowState.TOMBSTONE_DEAD)) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);

            assertThat(head.kind()).as("%s", state).isEqualTo(state.kind());
            Rows.refused(rows.cas(id, RowVersion.ABSENT, Rows.inline("new")));
            Rows.applied(rows.cas(id, head.version(), Rows.inline("new")));
        }
    }

    @Rule("HV-1.3")
    void noOperationRemovesARow() {
        ObjectId deleted = rows.fresh();
        rows.install(deleted, Rows.inline("v"));
        rows.delete(deleted, Rows.writeId());
        ObjectId marked = rows.fresh();
        Rows.applied(rows.cas(marked, rows.install(marked, Rows.inline("v")).version(), Rows.marker()));
        ObjectId retired = rows.fresh();
        RowHead dead = RowState.TOMBSTONE_DEAD.install(rows, retired);
        Rows.applied(rows.bump(retired, dead, RowChange.retire()));

        assertThat(List.of(rows.head(deleted), rows.head(marked), rows.head(retired)))
                .extracting(RowHead::kind)
                .containsOnly(RowKind.MARKER);
    }

    @Rule("HV-1.4")
    void aRefusalWithoutALostAnswerIsNotCalledAmbiguous() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);
            RowHead other = RowState.INLINE.install(rows, rows.fresh());

            assertThat(Rows.refused(rows.cas(id, other.version(), Rows.inline("new")))
                            .ambiguousAttempt())
                    .as("%s, version %s", state, head.version())
                    .isFalse();
            assertThat(Rows.refused(rows.bump(id, other, RowChange.fence(1))).ambiguousAttempt())
                    .as("%s, version %s", state, head.version())
                    .isFalse();
        }
    }

    @Rule(value = "HV-1.5", requirement = Requirement.STOCHASTIC)
    void aCancelledCallTakesEffectAsAWholeOrNotAtAll() {
        for (int i = 0; i < 12; i++) {
            ObjectId id = rows.fresh();
            RowHead before = rows.install(id, Rows.inline("old"));
            HighVolumeBackend backend = rows.backend();
            List<Mono<?>> calls = List.of(
                    backend.putUnlessTombstone(id, Rows.writeId(), Rows.object("new")),
                    backend.compareAndSet(id, before.version(), Rows.inline("new")),
                    backend.bump(id, before, RowChange.fence(1)),
                    backend.read(id, RowProjection.FULL));
            Cancel.at(i, calls.get(i % calls.size()));

            Await.remains(() -> {
                Row row = rows.full(id);
                assertThat(Rows.text(row)).isEqualTo(row.version().writeId().equals(before.writeId()) ? "old" : "new");
                assertThat(row.head().metadata()).isEqualTo(Samples.metadata(Rows.text(row)));
            });
            Await.until(
                    "a later write takes effect",
                    () -> Rows.isApplied(rows.cas(id, rows.head(id).version(), Rows.marker())));
        }
    }

    @Rule("HV-1.7")
    void nothingHappensBeforeSubscriptionAndEachSubscriptionIsOneCall() {
        ObjectId id = rows.fresh();
        HighVolumeBackend backend = rows.backend();
        Mono<Row> read = backend.read(id, RowProjection.FULL);
        Mono<CasOutcome> create = backend.compareAndSet(id, RowVersion.ABSENT, Rows.inline("v"));
        List<Publisher<?>> never = new ArrayList<>();
        never.add(backend.putUnlessTombstone(id, Rows.writeId(), Rows.object("never")));
        never.add(backend.deleteUnlessTombstone(id, Rows.writeId()));
        never.add(backend.bump(id, RowHead.ABSENT, RowChange.fence(1)));

        Await.remains(() -> assertThat(rows.head(id).isAbsent()).isTrue());
        Rows.applied(Await.value(create));
        Rows.refused(Await.value(create));
        assertThat(Rows.text(Await.value(read))).isEqualTo("v");
        assertThat(never).hasSize(3);
    }

    @Rule(value = "HV-1.8", requirement = Requirement.CAPABILITY)
    void everythingAnsweredSurvivesTheDeathOfTheProcess() {
        kit.assume(Capability.DURABLE);
        List<Installed> before = RowState.installEach(rows, List.of(RowState.values()));
        kit.reopen();

        assertThat(before).allSatisfy(row -> {
            assertThat(rows.head(row.id())).isEqualTo(row.head());
            if (row.state() == RowState.INLINE || row.state() == RowState.INLINE_BUMPED) {
                assertThat(Rows.text(rows.full(row.id()))).isEqualTo("old");
            }
        });
    }

    @Rule(value = "HV-1.9", requirement = Requirement.CAPABILITY)
    void allRulesHoldAmongInstancesThatShareAStore() {
        kit.assume(Capability.SHARED);
        HighVolumeBackend first = rows.backend();
        HighVolumeBackend second = kit.share();
        for (int round = 0; round < 30; round++) {
            ObjectId id = rows.fresh();
            List<CasOutcome> outcomes = Race.of(
                    Race.RACERS,
                    racer -> Await.value((racer % 2 == 0 ? first : second)
                            .compareAndSet(id, RowVersion.ABSENT, Rows.inline("" + racer))));

            assertThat(outcomes.stream().filter(Rows::isApplied)).hasSize(1);
            assertThat(Await.value(second.read(id, RowProjection.HEAD)).head()).isEqualTo(rows.head(id));
        }
    }

    private static int number(Mono<Row> read) {
        return Await.optional(read)
                .map(Rows::text)
                .filter(text -> !text.isEmpty())
                .map(Integer::valueOf)
                .orElse(-1);
    }
}
