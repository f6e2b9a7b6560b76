// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.examples.application.Avatars.Saved;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.testkit.fault.BodyFault;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultInjector;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AvatarsTest {

    private static final ByteBuffer EVERYBODY = picture(100, 0);
    private static final ByteBuffer SMALL = picture(2_000, 1);
    private static final ByteBuffer OTHER = picture(3_000, 3);
    private static final ByteBuffer LARGE = picture(2 << 20, 2);

    private final ManualRuntime clock = new ManualRuntime(1);
    private final FaultInjector faults = new FaultInjector(FaultPlan.none());
    private final TrafficRecorder traffic = new TrafficRecorder();
    private final TieredObjectStore store = TieredObjectStore.builder()
            .highVolume(traffic.rows(faults.rows(InMemoryRows.create(clock))))
            .longTerm(traffic.blobs(faults.blobs(InMemoryBlobs.create())))
            .changeLog(traffic.changeLog(faults.changeLog(InMemoryChangeLog.create())))
            .runtime(clock)
            .recoverOnOpen(false)
            .build();
    private final Avatars avatars = new Avatars(store, EVERYBODY);

    @Test
    void aPictureThatWasSavedIsLoaded() {
        assertThat(await(avatars.load("ada"))).isEqualTo(EVERYBODY);
        assertThat(await(avatars.save("ada", SMALL))).isEqualTo(Saved.YES);
        assertThat(await(avatars.load("ada"))).isEqualTo(SMALL);
    }

    @Test
    void aSmallPictureCostsOneRequestToSaveAndOneToLoad() {
        await(avatars.save("ada", SMALL));
        assertThat(traffic.operations()).containsExactly(SpiOperation.ROW_PUT);

        traffic.reset();
        await(avatars.load("ada"));
        assertThat(traffic.operations()).containsExactly(SpiOperation.ROW_READ);
    }

    @Test
    void aSaveWhoseAnswerIsLostHasPerhapsHappened() {
        faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.APPLIED_THEN_LOST));

        assertThat(await(avatars.save("ada", SMALL))).isEqualTo(Saved.PERHAPS);
        assertThat(await(avatars.load("ada"))).isEqualTo(SMALL);
        assertThat(faults.injected(Fault.APPLIED_THEN_LOST)).isEqualTo(1);
    }

    @Test
    void peopleHaveThePictureOfEverybodyWhileTheStoreIsAway() {
        await(avatars.save("ada", SMALL));
        faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.FAIL_NOT_APPLIED));
        assertThat(await(avatars.load("ada"))).isEqualTo(EVERYBODY);

        faults.follow(FaultPlan.none());
        assertThat(await(avatars.load("ada"))).isEqualTo(SMALL);
    }

    @Test
    void aLargePictureIsWholeEvenIfTheConnectionBreaks() {
        await(avatars.save("ada", LARGE));
        faults.follow(FaultPlan.onBody(SpiOperation.BLOB_GET, 1, BodyFault.errorAfter(100_000)));

        assertThat(await(avatars.load("ada"))).isEqualTo(LARGE);
        assertThat(traffic.records(SpiOperation.BLOB_GET)).hasSize(2);
        assertThat(traffic.openBlobs()).isZero();
    }

    @Test
    void aPictureIsForgottenAfterAMonth() {
        await(avatars.save("ada", SMALL));
        clock.advance(Duration.ofDays(29));
        assertThat(await(avatars.load("ada"))).isEqualTo(SMALL);

        clock.advance(Duration.ofDays(2));
        assertThat(await(avatars.load("ada"))).isEqualTo(EVERYBODY);
    }

    @Test
    void whateverFailsAPictureIsTheOldOneOrTheNewOne() {
        long failures = 0;
        for (int seed = 0; seed < 100; seed++) {
            String person = "person-" + seed;
            await(avatars.save(person, SMALL));

            faults.follow(FaultPlan.seeded(seed, 0.3));
            ByteBuffer next = seed % 2 == 0 ? OTHER : LARGE;
            Saved saved = await(avatars.save(person, next).onErrorReturn(Saved.PERHAPS));
            faults.follow(FaultPlan.none());

            ByteBuffer now = await(avatars.load(person));
            if (saved == Saved.YES) {
                assertThat(now).as("seed %s", seed).isEqualTo(next);
            } else {
                assertThat(now).as("seed %s", seed).isIn(SMALL, next);
                failures++;
            }
        }
        assertThat(failures).isPositive();
        assertThat(traffic.openBlobs()).isZero();
    }

    /** Lets time pass until the store is done; nothing else moves the clock. */
    private <T> T await(Mono<T> work) {
        CompletableFuture<T> end = work.toFuture();
        while (!end.isDone()) {
            clock.advance(clock.untilNextTimer().orElseThrow());
        }
        return end.join();
    }

    private static ByteBuffer picture(int bytes, int color) {
        byte[] pixels = new byte[bytes];
        java.util.Arrays.fill(pixels, (byte) color);
        return ByteBuffer.wrap(pixels).asReadOnlyBuffer();
    }
}
