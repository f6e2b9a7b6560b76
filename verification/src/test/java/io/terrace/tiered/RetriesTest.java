// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Retries;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Single failures are retried, with pauses that differ; a tier that is down is not sent a multiple of its traffic (H26). */
class RetriesTest {

    private static final int STEPS = 2000;
    private static final int RESERVE = 20;

    private final ManualRuntime runtime = new ManualRuntime(1);
    private final Retries retries = new Retries(runtime);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean(true);

    private final Mono<Integer> step = Mono.defer(() -> {
        calls.incrementAndGet();
        return down.get() ? Mono.error(unavailable()) : Mono.just(1);
    });

    @Test
    void aTierThatIsDownIsSentATenthMoreThanWithoutRetries() {
        traffic(retries, Duration.ofSeconds(20));
        assertThat(failures).hasValue(STEPS);
        assertThat(calls.get()).isBetween(STEPS + RESERVE, STEPS + STEPS / 10 + RESERVE);
    }

    @Test
    void withoutABudgetItWouldBeSentFourTimesAsMuch() {
        // A new budget for each step is as good as none.
        for (int i = 0; i < STEPS; i++) {
            new Retries(runtime).of(step).subscribe(value -> {}, error -> failures.incrementAndGet());
        }
        runtime.advance(Duration.ofSeconds(1));
        assertThat(calls).hasValue(4 * STEPS);
    }

    @Test
    void withinTwoSecondsAfterItHasHealedSingleFailuresAreRetriedAgain() {
        traffic(retries, Duration.ofSeconds(20));
        down.set(false);
        failures.set(0);
        // A hundred steps a second, as before.
        for (int i = 0; i < 200; i++) {
            retries.of(step).subscribe(value -> {}, error -> failures.incrementAndGet());
            runtime.advance(Duration.ofMillis(10));
        }
        assertThat(failures).as("from the moment it is up, nothing fails").hasValue(0);
        for (int i = 0; i < RESERVE; i++) {
            AtomicInteger attempts = new AtomicInteger();
            retries.of(Mono.defer(() -> attempts.incrementAndGet() == 1 ? Mono.error(unavailable()) : Mono.just(1)))
                    .subscribe(value -> {}, error -> failures.incrementAndGet());
            runtime.advance(Duration.ofSeconds(1));
        }
        assertThat(failures).hasValue(0);
    }

    @Test
    void eachTierHasABudgetOfItsOwn() {
        Tiers tiers = new Tiers(
                InMemoryRows.create(runtime),
                InMemoryBlobs.create(),
                InMemoryChangeLog.create(),
                runtime,
                Settings.DEFAULTS,
                Rules.ALL);
        traffic(tiers.blobRetries(), Duration.ofSeconds(20));
        assertThat(tiers.blobRetries().mayRepeat()).isFalse();
        assertThat(tiers.logRetries().mayRepeat()).isTrue();
        assertThat(tiers.rowRetries().mayRepeat()).isTrue();
    }

    @Test
    void aStepIsTriedFourTimesAtMostWithLongerPausesEachTime() {
        List<Long> times = new ArrayList<>();
        retries.of(Mono.defer(() -> {
                    times.add(runtime.monotonicNanos() / 1000);
                    return Mono.error(unavailable());
                }))
                .subscribe(value -> {}, error -> failures.incrementAndGet());
        runtime.advance(Duration.ofSeconds(1));
        assertThat(times).hasSize(4);
        assertThat(failures).hasValue(1);
        for (int i = 1; i < 4; i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(5_000L << (i - 1), 10_000L << (i - 1));
        }
    }

    @Test
    void thoseWhoFailedTogetherDoNotComeBackTogether() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            retries.pause(4).subscribe(nothing -> {}, error -> {}, () -> times.add(runtime.monotonicNanos()));
        }
        runtime.advance(Duration.ofSeconds(1));
        assertThat(times).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void anErrorThatDoesNotPassIsNotRetried() {
        retries.of(Mono.defer(() -> {
                    calls.incrementAndGet();
                    return Mono.error(new IllegalStateException("a bug"));
                }))
                .subscribe(value -> {}, error -> failures.incrementAndGet());
        runtime.advance(Duration.ofSeconds(1));
        assertThat(calls).hasValue(1);
        assertThat(failures).hasValue(1);
    }

    private void traffic(Retries through, Duration time) {
        for (int i = 0; i < STEPS; i++) {
            through.of(step).subscribe(value -> {}, error -> failures.incrementAndGet());
            runtime.advance(time.dividedBy(STEPS));
        }
        runtime.advance(Duration.ofSeconds(1));
    }

    private static BackendUnavailableException unavailable() {
        return new BackendUnavailableException("down", "down", Determinacy.NOT_APPLIED);
    }
}
