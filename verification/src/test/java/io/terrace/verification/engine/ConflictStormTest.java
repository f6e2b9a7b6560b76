// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sixty-four writers of one key at once: nothing is left behind, and what a put costs is bounded. A request is a call of the
 * row tier or of the long-term tier, whether before an answer or behind it, or what the log sends at a time.
 */
class ConflictStormTest {

    private static final Duration GRACE = Duration.ofMinutes(1);

    /** Of a large put: read, record, upload, compare-and-set, delete one blob, remove the entry. */
    private static final int MOST_CALLS = 6;

    @ParameterizedTest(name = "{0} % large")
    @ValueSource(ints = {100, 50})
    void onAllThreadsNothingIsLeftBehindAndNoPutIsTriedTwice(int largePercent) {
        Scheduler threads = Schedulers.newBoundedElastic(4, Integer.MAX_VALUE, "storm");
        try {
            ConflictStorm storm = new ConflictStorm(TerraceRuntime.system(), threads, 1);
            assertThat(storm.blow(largePercent).block(GRACE)).isEqualTo(ConflictStorm.PUTS);
            storm.store.closeLater(GRACE).block();

            assertThat(storm.orphans()).isEmpty();
            assertThat(storm.entries()).isZero();
            int calls =
                    storm.rowsAndBlobs.calls().size() + storm.logCalls.calls().size();
            assertThat(storm.perPut(calls)).isLessThanOrEqualTo(MOST_CALLS);
        } finally {
            threads.dispose();
        }
    }

    /** In virtual time, so that the figures are always the same. */
    @ParameterizedTest(name = "{0} % large")
    @CsvSource({"50, 3.1", "100, 3.1"})
    void aPutCostsFewRequests(int largePercent, double most) {
        ManualRuntime runtime = new ManualRuntime(1);
        ConflictStorm storm = new ConflictStorm(runtime, runtime.timers(), 1);
        finish(runtime, storm.blow(largePercent));
        finish(runtime, storm.store.closeLater(GRACE));

        assertThat(storm.orphans()).isEmpty();
        assertThat(storm.entries()).isZero();
        int calls = storm.rowsAndBlobs.calls().size();
        double perPut = storm.perPut(calls + storm.logRequests());
        System.out.printf(
                "storm: %3d %% large: %.2f requests per put: rows and blobs %.2f, log %.2f, for %.2f calls%n",
                largePercent,
                perPut,
                storm.perPut(calls),
                storm.perPut(storm.logRequests()),
                storm.perPut(storm.logCalls.calls().size()));
        assertThat(perPut).isLessThanOrEqualTo(most);
    }

    private static void finish(ManualRuntime runtime, Mono<?> work) {
        List<Object> end = new ArrayList<>();
        work.subscribe(value -> {}, end::add, () -> end.add("completed"));
        while (end.isEmpty()) {
            runtime.advance(runtime.untilNextTimer().orElseThrow(() -> new AssertionError("nothing is under way")));
        }
        assertThat(end).containsExactly("completed");
    }
}
