// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class IoThreadsTest {

    private final IoThreads io = new IoThreads("test", 2, 3);
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void moreCallsThanTheLimitAreRefusedAndThoseWithinItDone() {
        List<Mono<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Mono<Boolean> call = io.call(this::waitForTheGate).cache();
            call.subscribe();
            calls.add(call);
        }
        StepVerifier.create(io.call(() -> true)).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(AtCapacityException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED)));
        gate.countDown();
        calls.forEach(call -> assertThat(await(call)).isTrue());
        assertThat(await(io.call(() -> true))).isTrue();
        await(io.closeLater());
    }

    @Test
    void aStepOfWhatWasAdmittedIsNeverRefused() {
        for (int i = 0; i < 3; i++) {
            io.call(this::waitForTheGate).subscribe();
        }
        AtomicInteger steps = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            io.execute(steps::incrementAndGet);
        }
        gate.countDown();
        await(io.closeLater());
        assertThat(steps).hasValue(100);
    }

    @Test
    void whatIsCancelledBeforeItBeginsIsNotDone() {
        io.call(this::waitForTheGate).subscribe();
        io.call(this::waitForTheGate).subscribe();
        AtomicInteger ran = new AtomicInteger();
        io.call(ran::incrementAndGet).subscribe().dispose();
        gate.countDown();
        await(io.closeLater());
        assertThat(ran).hasValue(0);
    }

    @Test
    void aResultThatNobodyReceivesIsReleased() {
        int unreceived = 0;
        for (int i = 0; i < 300; i++) {
            IoThreads one = new IoThreads("one", 1, 1);
            AtomicInteger made = new AtomicInteger();
            AtomicInteger released = new AtomicInteger();
            AtomicInteger received = new AtomicInteger();
            BaseSubscriber<Integer> receiver = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Integer result) {
                    received.incrementAndGet();
                }
            };
            one.call(made::incrementAndGet, result -> released.incrementAndGet())
                    .subscribe(receiver);
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            receiver.cancel();
            await(one.closeLater());
            assertThat(released.get() + received.get()).isEqualTo(made.get());
            unreceived += released.get() + (1 - made.get());
        }
        assertThat(unreceived).as("some were cancelled in time").isPositive();
        await(io.closeLater());
    }

    @Test
    void closingWaitsForWhatIsUnderWayAndRefusesTheRest() {
        Mono<Boolean> call = io.call(this::waitForTheGate).cache();
        call.subscribe();
        StepVerifier closing =
                StepVerifier.create(io.closeLater()).expectComplete().verifyLater();
        StepVerifier.create(io.call(() -> true)).verifyError(BackendUnavailableException.class);
        gate.countDown();
        closing.verify(Samples.LIMIT);
        assertThat(await(call)).isTrue();
    }

    @Test
    void anErrorThatEscapesAStepIsReportedAndCostsNoThread() {
        List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());
        Hooks.onErrorDropped(reported::add);
        try {
            for (int i = 0; i < 10; i++) {
                io.execute(() -> {
                    throw new IllegalStateException("on purpose");
                });
            }
            assertThat(await(io.call(() -> true))).isTrue();
            await(io.closeLater());
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(reported).hasSize(10);
    }

    private boolean waitForTheGate() throws InterruptedException {
        gate.await();
        return true;
    }
}
