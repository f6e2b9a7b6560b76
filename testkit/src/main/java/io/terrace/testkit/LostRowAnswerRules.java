// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import reactor.core.publisher.Mono;

/** WR-1: the server acts on a row, and its answer is lost. */
abstract class LostRowAnswerRules {

    private final HighVolumeWireTest kit;

    LostRowAnswerRules(HighVolumeWireTest kit) {
        this.kit = kit;
    }

    @Rule("WR-1.1")
    void aBlindPutIsUnknownOrDone() {
        ObjectId id = kit.connected();
        WriteId writeId = Rows.writeId();
        Pending<BlindOutcome> put = lost(id, kit.far().putUnlessTombstone(id, writeId, Rows.object("ours")));

        assertTruthful(put);
        assertThat(kit.nearRows().head(id).version()).isEqualTo(RowVersion.of(writeId, 0));
    }

    @Rule("WR-1.2")
    void aBlindDeleteIsUnknownOrDone() {
        ObjectId id = kit.connected();
        Pending<BlindOutcome> delete = lost(id, kit.far().deleteUnlessTombstone(id, Rows.writeId()));

        assertTruthful(delete);
        assertThat(Rows.text(kit.nearRows().full(id))).isEmpty();
    }

    @Rule("WR-1.3")
    void aBlindWriteDoesNotComeBackOverALaterOne() {
        for (boolean deletes : new boolean[] {false, true}) {
            ObjectId id = kit.connected();
            Mono<BlindOutcome> write = deletes
                    ? kit.far().deleteUnlessTombstone(id, Rows.writeId())
                    : kit.far().putUnlessTombstone(id, Rows.writeId(), Rows.object("ours"));
            Pending<BlindOutcome> ours = held(id, write);
            WriteId later = Rows.writeId();
            kit.nearRows().put(id, later, Rows.object("later"));
            kit.proxy().loseHeld();

            assertTruthful(ours);
            Await.remains(
                    WireConformanceTest.A_WHILE,
                    () -> assertThat(kit.nearRows().head(id).version()).isEqualTo(RowVersion.of(later, 0)));
        }
    }

    @Rule("WR-1.4")
    void aCompareAndSetIsAppliedOrSaysThatItMayBe() {
        for (boolean absent : new boolean[] {false, true}) {
            ObjectId there = kit.connected();
            ObjectId id = absent ? kit.nearRows().fresh() : there;
            RowWrite.Inline write = Rows.inline("ours");
            RowVersion expected = kit.nearRows().head(id).version();
            Pending<CasOutcome> ours = lost(id, kit.far().compareAndSet(id, expected, write));

            assertNoPlainRefusal(ours);
            assertThat(kit.nearRows().head(id).version()).isEqualTo(RowVersion.of(write.writeId(), 0));
        }
    }

    @Rule("WR-1.5")
    void aBumpIsAppliedOrSaysThatItMayBe() {
        ObjectId id = kit.connected();
        RowHead before = kit.nearRows().head(id);
        // Not the deadline: a store that keeps a payload until then may have to read it before.
        RowChange change = RowChange.metadata(Samples.metadata("changed"), before.deadline());
        Pending<CasOutcome> ours = lost(id, kit.far().bump(id, before, change));

        assertNoPlainRefusal(ours);
        RowVersion next = RowVersion.of(before.writeId(), before.version().bump() + 1);
        assertThat(kit.nearRows().head(id).version()).isEqualTo(next);
    }

    @Rule("WR-1.6")
    void aWriteThatWasOvertakenIsNotMadeAgain() {
        ObjectId id = kit.connected();
        RowHead before = kit.nearRows().head(id);
        Pending<CasOutcome> ours = held(id, kit.far().compareAndSet(id, before.version(), Rows.inline("ours")));
        RowWrite.Inline later = Rows.inline("later");
        Rows.applied(kit.nearRows().cas(id, kit.nearRows().head(id).version(), later));
        kit.proxy().loseHeld();

        assertNoPlainRefusal(ours);
        Await.remains(() -> assertThat(kit.nearRows().head(id).version()).isEqualTo(RowVersion.of(later.writeId(), 0)));
    }

    @Rule("WR-1.7")
    void aBumpThatSomebodyElseHasMadeIsNotTakenForOurs() {
        ObjectId id = kit.connected();
        RowHead before = kit.nearRows().head(id);
        kit.proxy().holdRequests();
        Pending<CasOutcome> ours = kit.begin(kit.far().bump(id, before, RowChange.deadline(Rows.EXPIRED)));
        Rows.applied(kit.nearRows().bump(id, before, RowChange.fence(Rows.WHEN_ABSENT)));
        kit.awaitHeld(ours);
        kit.proxy().loseHeld();

        ours.value().ifPresent(outcome -> assertThat(Rows.isApplied(outcome)).isFalse());
        assertThat(kit.nearRows().head(id).deadline()).isEqualTo(before.deadline());
    }

    /** Makes a call, and loses its answer once the server has acted. */
    private <T> Pending<T> lost(ObjectId id, Mono<T> write) {
        Pending<T> pending = held(id, write);
        kit.proxy().loseHeld();
        return pending;
    }

    /** Makes a call, and waits until the server has acted; its answer is held back. */
    private <T> Pending<T> held(ObjectId id, Mono<T> write) {
        RowVersion before = kit.nearRows().head(id).version();
        kit.proxy().holdAnswers();
        Pending<T> pending = kit.begin(write);
        Await.until(
                "the server has acted", () -> !kit.nearRows().head(id).version().equals(before) || pending.hasEnded());
        kit.awaitHeld(pending);
        return pending;
    }

    private static void assertTruthful(Pending<BlindOutcome> ours) {
        assertThat(ours.saysUnknown()
                        || ours.value()
                                .filter(BlindOutcome.Done.class::isInstance)
                                .isPresent())
                .as("it was applied, but the call ended with %s", ours.ended())
                .isTrue();
    }

    private static void assertNoPlainRefusal(Pending<CasOutcome> ours) {
        boolean truthful = ours.saysUnknown()
                || ours.value()
                        .filter(outcome -> outcome.fold(applied -> true, CasOutcome.Refused::ambiguousAttempt))
                        .isPresent();
        assertThat(truthful)
                .as("it was applied, but the call ended with %s", ours.ended())
                .isTrue();
    }
}
