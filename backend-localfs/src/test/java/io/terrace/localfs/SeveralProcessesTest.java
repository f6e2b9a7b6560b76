// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Samples.RUNTIME;
import static io.terrace.localfs.Samples.await;
import static io.terrace.localfs.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Determinacy;
import io.terrace.ThrottledException;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Several processes increment the same counters. */
class SeveralProcessesTest {

    private static final int THREADS = 4;

    @TempDir
    Path root;

    @Test
    void noUpdateIsLostAmongProcesses() throws Exception {
        assertThat(sumAfterCounting(3, 40, true)).isEqualTo(3 * THREADS * 40);
    }

    @Test
    void withoutTheRangeLocksUpdatesAreLost() throws Exception {
        for (int round = 1; round <= 5; round++) {
            if (sumAfterCounting(2, 150, false) < 2 * THREADS * 150 * round) {
                return;
            }
        }
        throw new AssertionError("five rounds without the locks lost nothing, so the test above shows nothing");
    }

    @Test
    void aProcessThatStandsStillHoldsUpWritesForALimitedTimeAndNothingElse() throws Exception {
        HighVolumeBackend rows = LocalFs.builder(root, RUNTIME)
                .ioThreads(2)
                .lockWait(Duration.ofMillis(300))
                .build()
                .rows();
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), Samples.inline("before")));
        try (ChildProcess still = ChildProcess.start("holdStripes", root.resolve("LOCK"))) {
            still.awaitLine("held");
            List<Throwable> errors = await(Flux.range(0, 20)
                    .flatMap(i -> rows.putUnlessTombstone(id("k" + i), RUNTIME.newWriteId(), Samples.inline("after"))
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just))
                    .mergeWith(rows.read(id("k"), RowProjection.FULL).then(Mono.empty())));
            assertThat(errors).hasSize(20).allSatisfy(error -> assertThat(error)
                    .isInstanceOfSatisfying(ThrottledException.class, e -> assertThat(e.determinacy())
                            .isEqualTo(Determinacy.NOT_APPLIED)));
            assertThat(Samples.filesBelow(root.resolve("tmp"))).isEmpty();
            // With more writers waiting than there are threads, a read still gets through.
            Disposable writers = Flux.range(0, 20)
                    .flatMap(i -> rows.deleteUnlessTombstone(id("k" + i), RUNTIME.newWriteId()))
                    .subscribe(done -> {}, error -> {});
            assertThat(await(rows.read(id("k"), RowProjection.FULL))).isNotNull();
            writers.dispose();
        }
        await(rows.putUnlessTombstone(id("k"), RUNTIME.newWriteId(), Samples.inline("after")));
        await(rows.closeLater());
    }

    private int sumAfterCounting(int count, int times, boolean withRangeLocks) throws Exception {
        List<ChildProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                processes.add(ChildProcess.start("count", root, times, withRangeLocks));
            }
            for (ChildProcess process : processes) {
                process.awaitLine("ready");
            }
            for (ChildProcess process : processes) {
                process.go();
            }
            for (ChildProcess process : processes) {
                process.awaitLine("done");
            }
        } finally {
            processes.forEach(ChildProcess::close);
        }
        HighVolumeBackend rows = LocalFs.at(root, RUNTIME).rows();
        int sum = value(rows, "counter0") + value(rows, "counter1");
        await(rows.closeLater());
        return sum;
    }

    private static int value(HighVolumeBackend rows, String key) {
        Row row = await(rows.read(id(key), RowProjection.FULL));
        return row == null ? 0 : Integer.parseInt(Samples.text(row.payload()));
    }
}
