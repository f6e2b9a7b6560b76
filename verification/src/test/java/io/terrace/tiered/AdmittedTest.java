// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.CallOptions;
import io.terrace.Determinacy;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.util.context.Context;

/** Who gets in, who waits, who is refused, and that nothing is lost on any way out. */
class AdmittedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofDays(1);

    private final ManualRuntime runtime = new ManualRuntime(1);
    private final List<Entrant> inOrder = new ArrayList<>();
    private Admission admission = with(2, 1, 0.5);

    @Test
    void theRoomTakenIsWhatIsHeld() {
        Entrant first = enter();
        Entrant second = enter();
        assertThat(taken()).isEqualTo(2);
        first.room.release();
        assertThat(taken()).isEqualTo(1);
        second.room.release();
        assertThat(taken()).isZero();
    }

    @Test
    void theLimitIsTheOneThatWasSet() {
        assertThat(with(7, 0, 1).operations().limit()).isEqualTo(7);
    }

    @Test
    void whileThereIsRoomNobodyWaits() {
        assertThat(enter().in).isTrue();
        assertThat(enter().in).isTrue();
        assertThat(admission.operations().queued()).isZero();
    }

    @Test
    void withoutAQueueWhoeverFindsNoRoomIsRefusedAtOnce() {
        admission = with(1, 0, 1);
        Entrant first = enter();
        Entrant second = enter();
        assertThat(second.refusal)
                .isInstanceOf(AtCapacityException.class)
                .hasMessage("The store is at capacity: 1 of the maxOperations of 1 are under way, and 0 operations wait"
                        + " already. Nothing was done; try again later, or raise the limit.");
        assertThat(second.refusal.retryable()).isTrue();
        assertThat(second.refusal.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        first.room.release();
        assertThat(enter().in).as("afterwards").isTrue();
    }

    @Test
    void whoWaitsIsLetInWhenSomebodyLeaves() {
        Entrant first = enter();
        enter();
        Entrant third = enter();
        assertThat(third.in).isFalse();
        assertThat(third.refusal).isNull();
        first.room.release();
        assertThat(third.in).isTrue();
        assertThat(taken()).isEqualTo(2);
    }

    @Test
    void whoHasWaitedForTheTimeoutIsRefusedAndLeavesTheQueue() {
        enter();
        enter();
        Entrant third = enter();
        runtime.advance(PATIENCE.minusNanos(1));
        assertThat(third.refusal).isNull();
        runtime.advance(Duration.ofNanos(1));
        assertThat(third.refusal)
                .isInstanceOf(AtCapacityException.class)
                .hasMessageContaining("within the queueTimeout of PT2S");
        assertThat(admission.operations().queued()).isZero();
        assertThat(taken()).isEqualTo(2);
    }

    @Test
    void beyondTheRoomAndTheQueueEverybodyIsRefused() {
        enter();
        enter();
        Entrant waiting = enter();
        assertThat(enter().refusal).isInstanceOf(AtCapacityException.class);
        assertThat(waiting.refusal).isNull();
        assertThat(admission.operations().queued()).isEqualTo(1);
    }

    @Test
    void whoGivesUpWaitingLeavesItsPlaceToAnother() {
        Entrant first = enter();
        enter();
        Entrant gone = enter();
        assertThat(gone.room.abandon()).isTrue();
        assertThat(admission.operations().queued()).isZero();
        Entrant next = enter();
        first.room.release();
        assertThat(next.in).isTrue();
        assertThat(gone.in).isFalse();
        assertThat(gone.refusal).isNull();
    }

    @Test
    void theQueueSaysHowManyWait() {
        admission = with(1, 5, 1);
        Entrant first = enter();
        assertThat(admission.operations().queued()).isZero();
        enter();
        enter();
        assertThat(admission.operations().queued()).isEqualTo(2);
        first.room.release();
        assertThat(admission.operations().queued()).isEqualTo(1);
    }

    @Test
    void whereThereIsNoRoomForAnybodyEverybodyIsRefusedAtOnce() {
        admission = with(0, 5, 1);
        assertThat(enter().refusal).isInstanceOf(AtCapacityException.class);
        assertThat(enterBulk().refusal).isInstanceOf(AtCapacityException.class);
        assertThat(admission.bulk().taken()).isZero();
    }

    @Test
    void whoCameFirstIsServedFirst() {
        admission = with(1, 100, 1);
        List<Entrant> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(enter());
        }
        for (int i = 0; i < 100; i++) {
            all.get(i).room.release();
        }
        assertThat(inOrder).containsExactlyElementsOf(all);
    }

    @Test
    void nobodyOvertakesOneThatWantsMore() {
        admission = new Admission(runtime, new Limits(100, 100, PATIENCE, 1, 10, LONG));
        Entrant first = enter(false, 8);
        Entrant big = enter(false, 5);
        Entrant little = enter(false, 1);
        assertThat(little.in).as("though one byte is free").isFalse();
        first.room.keepBytes(5);
        assertThat(big.in).isTrue();
        assertThat(little.in).isFalse();
        big.room.release();
        assertThat(little.in).isTrue();
    }

    @Test
    void whenOneThatWantsMuchGivesUpThoseBehindItAreServed() {
        admission = new Admission(runtime, new Limits(100, 100, PATIENCE, 1, 10, LONG));
        enter(false, 8);
        Entrant big = enter(false, 5);
        Entrant little = enter(false, 1);
        big.room.abandon();
        assertThat(little.in).isTrue();
    }

    @Test
    void aHundredThousandWhoWaitedAreServedWithoutRunningOutOfStack() {
        admission = with(1, 100_000, 1);
        Entrant first = enter();
        List<Entrant> all = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            all.add(new Entrant(false, 0, true));
        }
        first.room.release();
        assertThat(all).allMatch(entrant -> entrant.in);
        assertThat(taken()).isZero();
    }

    @Test
    void theShareOfBulkWorkIsAllUnlessItIsSetLower() {
        assertThat(with(10, 0, 1).bulk().limit()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"10, 0.6, 6", "10, 0.55, 6", "1, 0.5, 1", "500, 0.6, 300", "3, 0.34, 2"})
    void theShareOfBulkWorkIsRoundedUp(int operations, double share, int bulk) {
        assertThat(with(operations, 0, share).bulk().limit()).isEqualTo(bulk);
    }

    @Test
    void bulkWorkWithoutAShareMayStillDoOneThingAtATime() {
        admission = with(10, 0, 0);
        assertThat(enterBulk().in).isTrue();
        assertThat(enterBulk().in).isFalse();
    }

    @Test
    void bulkWorkStaysWithinItsShare() {
        admission = with(4, 0, 0.5);
        enterBulk();
        enterBulk();
        Entrant third = enterBulk();
        assertThat(third.in).isFalse();
        assertThat(enter().in).as("others find the rest").isTrue();
        assertThat(enter().in).isTrue();
    }

    @Test
    void whileThereIsNoBulkWorkOthersMayTakeEverything() {
        admission = with(4, 0, 0.5);
        for (int i = 0; i < 4; i++) {
            assertThat(enter().in).isTrue();
        }
    }

    @Test
    void bulkWorkWaitsForRoomThatOthersHave() {
        admission = with(2, 0, 1);
        Entrant first = enter();
        enter();
        Entrant bulk = enterBulk();
        assertThat(bulk.in).isFalse();
        assertThat(bulk.refusal).as("though the queue is closed to others").isNull();
        first.room.release();
        assertThat(bulk.in).isTrue();
    }

    @Test
    void bothWaitsOfBulkWorkHaveOneDeadline() {
        Entrant bulk = enterBulk();
        enter();
        Entrant other = enter();
        Entrant late = enterBulk();
        runtime.advance(Duration.ofMillis(1500));
        bulk.room.release();
        assertThat(other.in).as("was there before").isTrue();
        assertThat(admission.bulk().taken())
                .as("it has the share now, and lacks the room")
                .isEqualTo(1);
        runtime.advance(Duration.ofMillis(499));
        assertThat(late.refusal).isNull();
        runtime.advance(Duration.ofMillis(1));
        assertThat(late.refusal).isInstanceOf(AtCapacityException.class);
        assertThat(admission.bulk().taken()).isZero();
    }

    @Test
    void bulkWorkThatGivesUpLeaksNothing() {
        admission = with(2, 0, 0.5);
        Entrant one = enter();
        Entrant other = enter();
        Entrant waitsForRoom = enterBulk();
        Entrant waitsForTheShare = enterBulk();
        assertThat(waitsForTheShare.room.abandon()).isTrue();
        assertThat(waitsForRoom.room.abandon()).isTrue();
        assertThat(admission.bulk().taken()).isZero();
        assertThat(admission.bulk().queued()).isZero();
        assertThat(admission.operations().queued()).isZero();
        one.room.release();
        other.room.release();
        assertThat(taken()).isZero();
    }

    @Test
    void bulkWorkTakesNoPlaceInTheQueueFromOthers() {
        admission = with(2, 1, 1);
        enter();
        enter();
        enterBulk();
        enterBulk();
        Entrant third = enterBulk();
        Entrant other = enter();
        assertThat(other.refusal).isNull();
        assertThat(enter().refusal).isInstanceOf(AtCapacityException.class);
        assertThat(third.refusal).isNull();
        assertThat(admission.operations().queued()).isEqualTo(3);
        assertThat(admission.bulk().queued()).isEqualTo(1);
    }

    @Test
    void whoIsLetInAndGivesUpAtTheSameTimeLeavesNothingBehind() {
        admission = with(1, 10, 1);
        Entrant first = enter();
        Entrant second = enter();
        Entrant third = enter();
        second.onAdmission = () -> third.room.abandon();
        first.room.release();
        assertThat(third.in).isFalse();
        second.room.release();
        assertThat(taken()).isZero();
    }

    @Test
    void roomThatIsSharedIsFreeWhenTheLastHasLetGo() {
        Entrant one = enter();
        one.room.hold();
        one.room.release();
        assertThat(taken()).isEqualTo(1);
        one.room.release();
        assertThat(taken()).isZero();
    }

    /** Any mix of coming, waiting, giving up, timing out and leaving; the seed is in the failure. */
    @Test
    void whateverHappensNothingIsLostAndNoLimitIsExceeded() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            admission = new Admission(runtime, new Limits(3, 4, PATIENCE, 0.5, 20, LONG));
            List<Entrant> all = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                int what = random.nextInt(10);
                if (what < 5) {
                    all.add(enter(random.nextBoolean(), random.nextInt(12)));
                } else if (what == 9) {
                    runtime.advance(Duration.ofMillis(random.nextInt(900)));
                } else if (!all.isEmpty()) {
                    all.remove(random.nextInt(all.size())).leave();
                }
                assertThat(taken()).as("seed %s", seed).isBetween(0L, 3L);
                assertThat(admission.bulk().taken()).as("seed %s", seed).isBetween(0L, 2L);
                assertThat(admission.payloads().taken()).as("seed %s", seed).isBetween(0L, 20L);
            }
            all.forEach(Entrant::leave);
            assertThat(List.of(
                            taken(),
                            admission.bulk().taken(),
                            admission.payloads().taken()))
                    .as("seed %s", seed)
                    .containsOnly(0L);
            assertThat(admission.operations().queued()
                            + admission.bulk().queued()
                            + admission.payloads().queued())
                    .as("seed %s", seed)
                    .isZero();
        }
    }

    @Test
    void manyThreadsAtOnceLoseNothing() throws InterruptedException {
        Admission shared = new Admission(TerraceRuntime.system(), new Limits(3, 1000, PATIENCE, 0.5, 20, LONG));
        int threads = 8;
        int each = 5000;
        CountDownLatch ended = new CountDownLatch(threads * each);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            Random random = new Random(t);
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            Passer passer = new Passer(shared, random, inside, most, ended);
                            passer.room.enter();
                            if (random.nextInt(4) == 0 && passer.room.abandon()) {
                                ended.countDown();
                            }
                        }
                    })
                    .start();
        }
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(List.of(
                        shared.operations().taken(),
                        shared.bulk().taken(),
                        shared.payloads().taken(),
                        (long) shared.operations().queued() + shared.bulk().queued()))
                .containsOnly(0L);
    }

    /** Enters and leaves at once, noting how many others were inside. */
    private static final class Passer implements Admitted.Owner {
        final Admitted room;
        private final AtomicInteger inside;
        private final AtomicInteger most;
        private final CountDownLatch ended;

        Passer(Admission shared, Random random, AtomicInteger inside, AtomicInteger most, CountDownLatch ended) {
            this.room = new Admitted(shared, this, options(random.nextBoolean()), random.nextInt(12));
            this.inside = inside;
            this.most = most;
            this.ended = ended;
        }

        @Override
        public void admitted() {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
            room.release();
            ended.countDown();
        }

        @Override
        public void late() {}

        @Override
        public void refused(RuntimeException why) {
            ended.countDown();
        }
    }

    private Admission with(int operations, int queue, double bulkShare) {
        return new Admission(runtime, new Limits(operations, queue, PATIENCE, bulkShare, 1000, LONG));
    }

    private static CallOptions options(boolean bulk) {
        return CallOptions.of(bulk ? CallOptions.asBulk().apply(Context.empty()) : Context.empty());
    }

    private long taken() {
        return admission.operations().taken();
    }

    private Entrant enter() {
        return enter(false, 0);
    }

    private Entrant enterBulk() {
        return enter(true, 0);
    }

    private Entrant enter(boolean bulk, long bytes) {
        return new Entrant(bulk, bytes, false);
    }

    private final class Entrant implements Admitted.Owner {
        final Admitted room;
        private final boolean leavesAtOnce;
        boolean in;
        AtCapacityException refusal;
        Runnable onAdmission = () -> {};
        private boolean left;

        Entrant(boolean bulk, long bytes, boolean leavesAtOnce) {
            this.leavesAtOnce = leavesAtOnce;
            this.room = new Admitted(admission, this, options(bulk), bytes);
            room.enter();
        }

        @Override
        public void admitted() {
            in = true;
            inOrder.add(this);
            onAdmission.run();
            if (leavesAtOnce) {
                room.release();
            }
        }

        @Override
        public void late() {}

        @Override
        public void refused(RuntimeException why) {
            refusal = (AtCapacityException) why;
        }

        void leave() {
            if (!left && refusal == null && !room.abandon()) {
                room.release();
            }
            left = true;
        }
    }
}
