// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class ManualRuntimeTest {

    private final ManualRuntime runtime = new ManualRuntime(42);
    private final List<String> ran = new ArrayList<>();

    private Runnable note(String what) {
        return () -> ran.add(what + "@" + TimeUnit.NANOSECONDS.toMillis(runtime.monotonicNanos()));
    }

    private Disposable after(long millis, String what) {
        return runtime.timers().schedule(note(what), millis, TimeUnit.MILLISECONDS);
    }

    @Test
    void bothClocksStandStillUntilTheyAreAdvanced() {
        assertThat(runtime.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(runtime.monotonicNanos()).isZero();

        runtime.advance(Duration.ofHours(3).plusNanos(5_000));

        assertThat(runtime.now()).isEqualTo(Instant.parse("2026-01-01T03:00:00.000005Z"));
        assertThat(runtime.monotonicNanos()).isEqualTo(3 * 3600 * 1_000_000_000L + 5_000);
    }

    @Test
    void theWallClockJumpsBackAndForthWithoutTheMonotonicClockOrTheTimers() {
        after(10, "timer");
        runtime.jumpWallClock(Duration.ofDays(-400));
        assertThat(runtime.now()).isEqualTo(Instant.parse("2024-11-27T00:00:00Z"));
        runtime.jumpWallClock(Duration.ofDays(800));

        assertThat(runtime.now()).isEqualTo(Instant.parse("2027-02-05T00:00:00Z"));
        assertThat(runtime.monotonicNanos()).isZero();
        assertThat(ran).isEmpty();
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> runtime.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jumpWallClock");
    }

    @Test
    void timersRunInOrderEachAtItsOwnTime() {
        after(30, "c");
        after(10, "a");
        after(20, "b1");
        after(20, "b2");
        after(31, "later");

        runtime.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly("a@10", "b1@20", "b2@20", "c@30");
        assertThat(runtime.pendingTimers()).isOne();
    }

    @Test
    void aTimerSetByATimerRunsInTheSameAdvanceIfItIsDue() {
        runtime.timers().schedule(() -> after(5, "inner"), 10, TimeUnit.MILLISECONDS);
        runtime.advance(Duration.ofMillis(14));
        assertThat(ran).isEmpty();
        runtime.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("inner@15");
    }

    @Test
    void aTaskMayAdvanceTheClockItself() {
        runtime.timers().schedule(() -> runtime.advance(Duration.ofMillis(100)), 10, TimeUnit.MILLISECONDS);
        after(50, "inside");
        runtime.advance(Duration.ofMillis(20));
        assertThat(ran).containsExactly("inside@50");
        assertThat(runtime.monotonicNanos()).isEqualTo(110_000_000L);
    }

    @Test
    void whatHasNoDelayRunsAtOnceAndDoesNotNest() {
        runtime.timers().schedule(() -> {
            runtime.timers().schedule(note("second"));
            ran.add("first");
        });
        assertThat(ran).containsExactly("first", "second@0");
    }

    @Test
    void aCancelledTimerIsForgotten() {
        Disposable timer = after(10, "never");
        assertThat(runtime.pendingTimers()).isOne();
        timer.dispose();
        assertThat(runtime.pendingTimers()).isZero();
        runtime.advance(Duration.ofMillis(10));
        assertThat(ran).isEmpty();
    }

    @Test
    void aPeriodicTaskRunsUntilItIsCancelled() {
        Disposable ticks = runtime.timers().schedulePeriodically(note("tick"), 0, 10, TimeUnit.MILLISECONDS);
        runtime.advance(Duration.ofMillis(25));
        ticks.dispose();
        runtime.advance(Duration.ofMillis(25));
        assertThat(ran).containsExactly("tick@0", "tick@10", "tick@20");
        assertThat(runtime.pendingTimers()).isZero();
    }

    @Test
    void aPeriodOfNothingIsRefusedSinceItWouldNeverEnd() {
        assertThatThrownBy(() -> runtime.timers().schedulePeriodically(note("tick"), 1, 0, TimeUnit.MILLISECONDS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWorkerTakesItsTasksWithItAndThenRefusesMore() {
        Scheduler.Worker worker = runtime.timers().createWorker();
        worker.schedule(note("now"));
        worker.schedule(note("a"), 10, TimeUnit.MILLISECONDS);
        worker.schedulePeriodically(note("b"), 10, 10, TimeUnit.MILLISECONDS);
        worker.dispose();
        runtime.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly("now@0");
        assertThat(runtime.pendingTimers()).isZero();
        assertThatThrownBy(() -> worker.schedule(note("late"))).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aFailingTaskFailsTheTestButNotTheOtherTasks() {
        runtime.timers()
                .schedule(
                        () -> {
                            throw new IllegalStateException("first");
                        },
                        1,
                        TimeUnit.MILLISECONDS);
        after(2, "other");

        assertThatThrownBy(() -> runtime.advance(Duration.ofMillis(5))).hasMessage("first");
        assertThat(ran).containsExactly("other@2");
        after(1, "still alive");
        runtime.advance(Duration.ofMillis(1));
        assertThat(ran).contains("still alive@6");
    }

    @Test
    void reactorsTimeOperatorsWorkOnIt() {
        List<Long> ticks = new ArrayList<>();
        Flux.interval(Duration.ofMinutes(1), runtime.timers()).take(3).subscribe(ticks::add);
        List<String> retried = new ArrayList<>();
        Mono.defer(() -> {
                    retried.add("try@" + runtime.monotonicNanos() / 1_000_000_000L);
                    return Mono.error(new IllegalStateException());
                })
                .retryWhen(Retry.backoff(3, Duration.ofSeconds(1)).jitter(0).scheduler(runtime.timers()))
                .subscribe(x -> {}, error -> ran.add("gave up"));
        Mono.never()
                .timeout(Duration.ofSeconds(30), runtime.timers())
                .subscribe(x -> {}, error -> ran.add("timed out"));

        runtime.advance(Duration.ofMinutes(5));

        assertThat(ticks).containsExactly(0L, 1L, 2L);
        assertThat(retried).containsExactly("try@0", "try@1", "try@3", "try@7");
        assertThat(ran).containsExactly("gave up", "timed out");
        assertThat(runtime.pendingTimers()).isZero();
    }

    @Test
    void publishingOnTheTimersKeepsTheOrder() {
        StepVerifier.create(Flux.range(0, 1000).publishOn(runtime.timers(), 8).collectList())
                .assertNext(all -> assertThat(all).hasSize(1000).isSorted())
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void idsAreVersionSevenUuidsOfTheVirtualTimeAndNeverRepeat() {
        Set<UUID> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            UUID id = runtime.newUuid();
            assertThat(seen.add(id)).isTrue();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
        runtime.advance(Duration.ofHours(1));
        assertThat(runtime.newUuid().getMostSignificantBits() >>> 16)
                .isEqualTo(Instant.parse("2026-01-01T01:00:00Z").toEpochMilli());
        assertThat(runtime.newWriteId()).isNotEqualTo(runtime.newWriteId());
    }

    @Test
    void theSameSeedRepeatsTheRunAndAnotherDoesNot() {
        ManualRuntime again = new ManualRuntime(42);
        ManualRuntime other = new ManualRuntime(43);
        for (int i = 0; i < 100; i++) {
            UUID id = runtime.newUuid();
            long number = runtime.randomLong();
            assertThat(again.newUuid()).isEqualTo(id).isNotEqualTo(other.newUuid());
            assertThat(again.randomLong()).isEqualTo(number).isNotEqualTo(other.randomLong());
        }
    }

    @Test
    void timersCanBeSetFromAnyThreadWhileTheClockIsAdvanced() throws InterruptedException {
        int threads = 4;
        int each = 500;
        List<Thread> setters = new ArrayList<>();
        List<String> fired = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < threads; t++) {
            setters.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    runtime.timers().schedule(() -> fired.add("x"), i % 7, TimeUnit.MILLISECONDS);
                }
            }));
        }
        setters.forEach(Thread::start);
        for (int i = 0; i < 200; i++) {
            runtime.advance(Duration.ofMillis(1));
        }
        for (Thread setter : setters) {
            setter.join(10_000);
        }
        runtime.advance(Duration.ofMillis(10));
        assertThat(fired).hasSize(threads * each);
    }
}
