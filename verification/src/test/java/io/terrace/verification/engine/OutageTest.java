// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.GetOptions;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TransientException;
import io.terrace.spi.BackendRole;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/**
 * A tier fails every call, or every write, for ten seconds of virtual time, under the load of a whole store. It is sent a tenth more than
 * without retries, and two seconds after it is well again everything succeeds (H26).
 */
class OutageTest {

    private static final ObjectContext CONTEXT = ObjectContext.of("outage");
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int STEPS = 500;
    private static final Duration RECOVERY = Duration.ofSeconds(2);
    private static final int STEPS_OF_RECOVERY = (int) RECOVERY.dividedBy(INTERVAL);

    /** Repetitions that a tier is good for before any traffic. */
    private static final int RESERVE = 20;

    private final Engine engine = new Engine();

    /** When operations failed, by the monotonic clock. */
    private final List<Long> failures = new ArrayList<>();

    private int running;

    /** What is down. */
    enum Outage {
        ROWS(false, SpiOperation.ROW_CAS),
        /** As of a store that has become read-only. */
        WRITES_OF_ROWS(true, SpiOperation.ROW_CAS),
        BLOBS(false, SpiOperation.BLOB_DELETE),
        WRITES_OF_BLOBS(true, SpiOperation.BLOB_DELETE),
        LOG(false, SpiOperation.LOG_APPEND);

        private final boolean writesOnly;
        /** A call of the tier that the engine repeats by itself. */
        private final SpiOperation repeated;

        Outage(boolean writesOnly, SpiOperation repeated) {
            this.writesOnly = writesOnly;
            this.repeated = repeated;
        }

        BackendRole<?> tier() {
            return switch (this) {
                case ROWS, WRITES_OF_ROWS -> BackendRole.HIGH_VOLUME;
                case BLOBS, WRITES_OF_BLOBS -> BackendRole.LONG_TERM;
                case LOG -> BackendRole.CHANGE_LOG;
            };
        }

        boolean strikes(SpiCall call) {
            return call.role().equals(tier()) && (call.operation().writes() || !writesOnly);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDownIsSentATenthMoreAndTheStoreIsWellTwoSecondsAfterIt(Outage outage) {
        for (int i = 0; i < STEPS; i++) {
            engine.finish(put("replaced", i, Engine.LARGE));
            engine.finish(put("read", i, Engine.LARGE));
        }
        engine.rest();
        engine.traffic.reset();

        engine.faults.follow(call -> outage.strikes(call) ? Fault.FAIL_NOT_APPLIED : Fault.OK);
        traffic(0, STEPS);
        List<SpiCall> failed =
                engine.traffic.calls().stream().filter(outage::strikes).toList();
        // No two operations are about the same object, so what fails twice was repeated.
        long repeated = failed.size()
                - failed.stream()
                        .map(call -> call.operation() + " " + call.target())
                        .distinct()
                        .count();
        long first = engine.traffic.calls().stream()
                        .filter(call -> call.role().equals(outage.tier()))
                        .count()
                - repeated;
        assertThat(failures).as("operations that needed the tier").hasSizeGreaterThanOrEqualTo(STEPS);
        assertThat(repeated).as("repetitions, of %d calls", first).isLessThanOrEqualTo(first / 10 + RESERVE);

        engine.faults.follow(FaultPlan.none());
        long well = engine.runtime.monotonicNanos();
        failures.clear();
        traffic(0, 4 * STEPS_OF_RECOVERY);
        assertThat(failures).allSatisfy(when -> assertThat(when - well).isLessThanOrEqualTo(RECOVERY.toNanos()));
        assertThat(running).as("operations that were never answered").isZero();

        // Before any maintenance, which would earn repetitions, too.
        int left = engine.entries().size();
        failures.clear();
        engine.faults.follow(oneInTwelveFails(outage.repeated));
        traffic(0, STEPS);
        assertThat(failures).as("single failures are retried again").isEmpty();
        assertThat(engine.entries()).as("also behind the answers").hasSize(left);

        engine.faults.follow(FaultPlan.none());
        engine.finish(engine.store.recover());
        assertThat(engine.entries()).isEmpty();
    }

    /** Each step replaces a large object, brings another large one and a small one, and reads one. */
    private void traffic(int first, int steps) {
        for (int i = first; i < first + steps; i++) {
            run(put("replaced", i, Engine.LARGE));
            run(put("new", i, Engine.LARGE));
            run(put("small", i, Engine.SMALL));
            run(engine.store.withObject(id("read", i), GetOptions.all(), Engine::text));
            engine.runtime.advance(INTERVAL);
        }
        engine.runtime.advance(Duration.ofSeconds(1));
    }

    private void run(Mono<?> operation) {
        running++;
        operation.doFinally(signal -> running--).subscribe(value -> {}, error -> {
            assertThat(error).isInstanceOf(TransientException.class);
            failures.add(engine.runtime.monotonicNanos());
        });
    }

    private Mono<ObjectInfo> put(String kind, int number, String value) {
        return engine.store.put(id(kind, number), ObjectMetadata.defaults(), Payload.ofText(value));
    }

    private static ObjectId id(String kind, int number) {
        return ObjectId.of(CONTEXT, kind + " " + number);
    }

    private static FaultPlan oneInTwelveFails(SpiOperation operation) {
        AtomicInteger calls = new AtomicInteger();
        return call ->
                call.operation() == operation && calls.incrementAndGet() % 12 == 1 ? Fault.FAIL_NOT_APPLIED : Fault.OK;
    }
}
