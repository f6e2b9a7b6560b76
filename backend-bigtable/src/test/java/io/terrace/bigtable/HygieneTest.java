// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.check.BlockingProbe;
import io.terrace.testkit.check.LeakProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** No thread is blocked, and nothing stays behind. */
class HygieneTest {

    private final Sample sample = new Sample();
    private final BigtableRows rows = sample.rows();
    private final ObjectId id = Sample.id("k");

    @AfterEach
    void close() {
        sample.close();
    }

    @Test
    void noCallBlocksItsCaller() {
        BlockingProbe.assertInstalled();
        Flux.range(0, 20)
                .flatMapIterable(i -> calls())
                .flatMap(call -> Flux.from(call).then().subscribeOn(Schedulers.parallel()), 64)
                .blockLast();
        rows.closeLater().subscribeOn(Schedulers.parallel()).block();
        BlockingProbe.assertNothingBlocked();
    }

    /** Each would be logged as an error. */
    @Test
    void aCallThatIsCancelledDropsNoError() {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            for (int i = 0; i < 20; i++) {
                calls().forEach(call -> Flux.from(call).subscribe().dispose());
            }
            sample.close();
        } finally {
            Hooks.resetOnErrorDropped();
        }

        assertThat(dropped).isEmpty();
    }

    @Test
    void aRequestEndsWithItsCall() {
        sample.wire().withhold(1);
        Disposable read = rows.read(id, RowProjection.FULL).subscribe();
        assertThat(sample.wire().cancels()).isZero();
        read.dispose();

        assertThat(sample.wire().cancels()).isOne();
    }

    @Test
    void aListingEndsWithItsReader() {
        for (int i = 0; i < 3; i++) {
            sample.put(Sample.id("k" + i), 10);
        }
        StepVerifier.create(rows.scan("", ""), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify();

        assertThat(sample.wire().cancels()).isOne();
    }

    @Test
    void nothingStaysOpenWhateverBecameOfTheCalls() {
        LeakProbe leaks = LeakProbe.start()
                .toleratingThreads("grpc-.*|.*[nN]etty.*|Gax-.*|bigtable-.*|google-.*")
                .waitingAtMost(Duration.ofSeconds(30))
                // Netty keeps its pool.
                .toleratingDirectMemory(64L << 20);
        for (int i = 0; i < 3; i++) {
            BigtableRows others = BigtableServer.shared()
                    .rows(sample.table(), TerraceRuntime.system())
                    .channels(2)
                    .build();
            others.putUnlessTombstone(id, sample.writeId(), Sample.object(100_000))
                    .block();
            others.read(id, RowProjection.FULL).subscribe().dispose();
            others.scan("", "").take(1).blockLast();
            others.closeLater().block();
        }
        sample.close();
        leaks.assertNothingLeaked();
    }

    private List<Publisher<?>> calls() {
        return List.of(
                rows.putUnlessTombstone(id, sample.writeId(), Sample.object(10)),
                rows.deleteUnlessTombstone(id, sample.writeId()),
                rows.compareAndSet(id, RowVersion.ABSENT, Sample.inline(10)),
                rows.bump(id, RowHead.ABSENT, RowChange.fence(1)),
                rows.read(id, RowProjection.FULL),
                rows.readAll(List.of(id), RowProjection.HEAD),
                rows.scan("", ""),
                rows.check());
    }
}
