// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import static io.terrace.rocksdb.Samples.RUNTIME;
import static io.terrace.rocksdb.Samples.await;
import static io.terrace.rocksdb.Samples.id;
import static io.terrace.rocksdb.Samples.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.spi.RowProjection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A native handle that is touched after it was closed would end this process, and with it the tests. */
class ClosingTest {

    private static final int CALLERS = 6;

    @TempDir
    Path root;

    @RepeatedTest(20)
    void callsUnderWayEndAndLaterOnesAreRefused() throws Exception {
        RocksDbRows rows = open();
        for (int i = 0; i < 300; i++) {
            await(rows.putUnlessTombstone(id("key" + i), RUNTIME.newWriteId(), inline("text")));
        }
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        CountDownLatch warm = new CountDownLatch(CALLERS * 20);
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < CALLERS; t++) {
            int caller = t;
            callers.add(new Thread(() -> call(rows, caller, warm, errors)));
        }
        callers.forEach(Thread::start);
        warm.await();
        await(rows.closeLater());
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(errors).hasSize(CALLERS).allSatisfy(error -> assertThat(error)
                .isInstanceOfSatisfying(BackendUnavailableException.class, e -> assertThat(e.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED)));
    }

    /** Until it is refused. Whoever was not refused has got an answer. */
    private static void call(RocksDbRows rows, int caller, CountDownLatch warm, Queue<Throwable> errors) {
        try {
            while (true) {
                switch (caller % 6) {
                    case 0 -> await(rows.putUnlessTombstone(id("key1"), RUNTIME.newWriteId(), inline("new")));
                    case 1 -> await(rows.read(id("key2"), RowProjection.FULL));
                    case 2 -> await(rows.scan("", ""));
                    case 3 -> await(rows.collectMarkers());
                    case 4 -> await(rows.readAll(List.of(id("key3"), id("none")), RowProjection.FULL));
                    default -> await(rows.deleteUnlessTombstone(id("key4"), RUNTIME.newWriteId()));
                }
                warm.countDown();
            }
        } catch (RuntimeException e) {
            errors.add(e);
        }
    }

    @Test
    void closingEndsThoughAListingStandsStill() {
        RocksDbRows rows = open();
        for (int i = 0; i < 10; i++) {
            await(rows.putUnlessTombstone(id("key" + i), RUNTIME.newWriteId(), inline("text")));
        }
        StepVerifier.create(rows.scan("", ""), 2)
                .expectNextCount(2)
                .then(() -> await(rows.closeLater()))
                .thenRequest(100)
                .verifyError(BackendUnavailableException.class);
    }

    @Test
    void closingTwiceIsClosingOnce() {
        RocksDbRows rows = open();
        await(Mono.when(rows.closeLater(), rows.closeLater()));
        await(rows.closeLater());
        assertThat(await(rows.check()).healthy()).isFalse();
        await(open().closeLater());
    }

    @Test
    void threadsEndWithTheStore() {
        RocksDbRows rows = open();
        await(rows.putUnlessTombstone(id("key"), RUNTIME.newWriteId(), inline("text")));
        await(rows.closeLater());
        await(Flux.interval(Duration.ofMillis(5)).filter(tick -> ours() == 0).next());
    }

    @Test
    void theLastOneOutClosesAndNobodyComesInAfter() {
        AtomicInteger over = new AtomicInteger();
        Uses uses = new Uses(over::incrementAndGet);
        uses.hold();
        uses.close();
        uses.close();
        assertThat(uses.isOver()).isFalse();
        assertThat(over).hasValue(0);
        assertThatThrownBy(uses::hold).isInstanceOf(BackendUnavailableException.class);
        uses.release();
        assertThat(uses.isOver()).isTrue();
        assertThat(over).hasValue(1);
    }

    private static long ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("terrace-rocksdb-"))
                .count();
    }

    private RocksDbRows open() {
        return RocksDbRows.builder(root, RUNTIME).fsync(false).build();
    }
}
