// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.OutcomeUnknownException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Writes share one wait for the disk, and fail together. */
class CommitterTest {

    @TempDir
    Path root;

    private final AtomicInteger writes = new AtomicInteger();
    private final CountDownLatch firstIsUnderWay = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private RocksDbRows rows;

    @AfterEach
    void close() {
        gate.countDown();
        await(rows.closeLater());
    }

    @Test
    void whatComesDuringAWriteIsWrittenTogether() throws Exception {
        rows = open(this::holdFirst);
        List<Mono<BlindOutcome>> calls = new ArrayList<>();
        calls.add(start(put("first")));
        firstIsUnderWay.await();
        for (int i = 0; i < 100; i++) {
            calls.add(start(put("key" + i)));
        }
        gate.countDown();

        calls.forEach(Samples::await);
        assertThat(writes).hasValue(2);
    }

    @Test
    void operationsOfOneBatchSeeEachOther() throws Exception {
        rows = open(this::holdFirst);
        Mono<BlindOutcome> first = start(put("first"));
        firstIsUnderWay.await();
        List<Mono<CasOutcome>> racers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            RowWrite write = new RowWrite.Inline(RUNTIME.newWriteId(), inline("racer" + i));
            racers.add(start(rows.compareAndSet(id("same"), RowVersion.ABSENT, write)));
        }
        Mono<BlindOutcome> deleted = start(rows.deleteUnlessTombstone(id("same"), RUNTIME.newWriteId()));
        gate.countDown();
        await(first);

        assertThat(racers.stream().map(Samples::await))
                .filteredOn(CasOutcome.Applied.class::isInstance)
                .hasSize(1);
        await(deleted);
        assertThat(writes).hasValue(2);
        assertThat(await(rows.read(id("same"), RowProjection.HEAD)).kind()).isEqualTo(RowKind.MARKER);
    }

    @Test
    void aBatchThatFailsIsUnknownToAllOfItsCallsAndNothingIsWrittenAfterIt() throws Exception {
        rows = open(write -> {
            holdFirst(write);
            if (writes.get() > 1) {
                throw new RocksDBException(
                        "IO error: No space left on device",
                        new Status(Status.Code.IOError, Status.SubCode.NoSpace, "test"));
            }
        });
        Mono<BlindOutcome> before = start(put("before"));
        firstIsUnderWay.await();
        List<Mono<BlindOutcome>> calls = List.of(start(put("one")), start(put("two")));
        gate.countDown();
        await(before);

        for (Mono<BlindOutcome> call : calls) {
            StepVerifier.create(call).verifyErrorSatisfies(error -> assertThat(error)
                    .isInstanceOfSatisfying(OutcomeUnknownException.class, e -> assertThat(e.determinacy())
                            .isEqualTo(Determinacy.UNKNOWN))
                    .hasMessageContaining("No space left"));
        }
        int written = writes.get();
        StepVerifier.create(put("after")).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(BackendUnavailableException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("No space left")
                .hasMessageContaining("open the store again"));
        assertThat(writes).hasValue(written);
        assertThat(await(rows.read(id("before"), RowProjection.HEAD))).isNotNull();
        assertThat(await(rows.check()).healthy()).isFalse();
    }

    @Test
    void anOutcomeThatIsUnknownMayHaveHappened() {
        rows = open(write -> {
            write.now();
            throw new RocksDBException("the answer was lost");
        });
        StepVerifier.create(put("key")).verifyError(OutcomeUnknownException.class);
        assertThat(await(rows.read(id("key"), RowProjection.HEAD))).isNotNull();
    }

    @Test
    void whatIsCancelledInTheQueueIsNotWritten() throws Exception {
        rows = open(this::holdFirst);
        Mono<BlindOutcome> first = start(put("first"));
        firstIsUnderWay.await();
        Disposable cancelled = put("cancelled").subscribe();
        cancelled.dispose();
        gate.countDown();
        await(first);
        await(put("last"));

        assertThat(await(rows.read(id("cancelled"), RowProjection.HEAD))).isNull();
    }

    @Test
    void aPayloadIsItsOwnersAgainAfterACancel() throws Exception {
        rows = open(this::holdFirst);
        ByteBuffer payload = ByteBuffer.wrap(new byte[100]);
        Disposable first = rows.putUnlessTombstone(id("first"), RUNTIME.newWriteId(), inline(payload.array()))
                .subscribe();
        firstIsUnderWay.await();
        first.dispose();
        payload.array()[50] = 1;
        gate.countDown();
        await(put("last"));

        assertThat(Samples.bytes(
                        await(rows.read(id("first"), RowProjection.FULL)).payload()))
                .isEqualTo(new byte[100]);
    }

    @Test
    void moreThanTheQueueHoldsIsRefused() throws Exception {
        rows = RocksDbRows.builder(root, RUNTIME)
                .fsync(false)
                .writeQueue(3)
                .writeStep(this::holdFirst)
                .build();
        List<Mono<BlindOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(start(put("key" + i)));
        }
        firstIsUnderWay.await();
        StepVerifier.create(put("more")).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(AtCapacityException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("write-queue"));
        gate.countDown();
        calls.forEach(Samples::await);
        // Each answer made room before it was given.
        for (int i = 0; i < 10; i++) {
            await(put("later").then(put("later")).then(put("later")));
        }
    }

    @Test
    void aSubscriberThatBlocksHoldsUpNobodyElse() throws Exception {
        rows = open(WriteStep.Write::now);
        CountDownLatch blocked = new CountDownLatch(1);
        put("blocks").subscribe(done -> {
            blocked.countDown();
            uninterruptibly(gate);
        });
        blocked.await();
        for (int i = 0; i < 50; i++) {
            await(put("key" + i));
        }
        await(rows.closeLater());
    }

    private void holdFirst(WriteStep.Write write) throws RocksDBException {
        if (writes.incrementAndGet() == 1) {
            firstIsUnderWay.countDown();
            uninterruptibly(gate);
        }
        write.now();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Mono<BlindOutcome> put(String key) {
        return rows.putUnlessTombstone(id(key), RUNTIME.newWriteId(), inline("text"));
    }

    private static <T> Mono<T> start(Mono<T> call) {
        Mono<T> started = call.cache();
        started.subscribe(done -> {}, error -> {});
        return started;
    }

    private RocksDbRows open(WriteStep step) {
        return RocksDbRows.builder(root, RUNTIME).fsync(false).writeStep(step).build();
    }
}
