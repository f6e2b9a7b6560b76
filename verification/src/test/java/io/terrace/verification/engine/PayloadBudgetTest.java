// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.RowVersion;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** H19: however many small objects are put at once, no more bytes of them are in memory than the budget says. */
class PayloadBudgetTest {

    private static final int MIB = 1024 * 1024;
    private static final int BUDGET = 64 * MIB;
    private static final int PUTS = 2000;
    private static final byte[] BYTES = new byte[MIB];

    private final ManualRuntime runtime = new ManualRuntime(1);

    /** How a payload comes, which is how much of it can be known before it is read. */
    private enum Source {
        ANNOUNCED,
        UNANNOUNCED,
        IN_PIECES
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void twoThousandPutsOfAMebibyteStayWithinTheBudget(Source source) {
        assertThat(mostBytesInMemory(source, BUDGET)).isEqualTo(BUDGET);
    }

    @Test
    void withoutTheBudgetTheyWouldNot() {
        assertThat(mostBytesInMemory(Source.ANNOUNCED, Long.MAX_VALUE)).isGreaterThan(10L * BUDGET);
    }

    private long mostBytesInMemory(Source source, long budget) {
        InMemory memory = new InMemory();
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume(memory.rows(InMemoryRows.create(runtime)))
                .longTerm(InMemoryBlobs.create())
                .changeLog(InMemoryChangeLog.create())
                .runtime(runtime)
                .maxOperations(PUTS)
                .queue(PUTS, Duration.ofHours(1))
                .payloadBudget(budget)
                .build();
        int[] done = new int[1];
        for (int i = 0; i < PUTS; i++) {
            store.put(Engine.ID, ObjectMetadata.defaults(), memory.payload(source))
                    .subscribe(info -> done[0]++);
        }
        runtime.advance(Duration.ofMinutes(5));
        assertThat(done[0]).isEqualTo(PUTS);
        assertThat(memory.bytes).isZero();
        return memory.most;
    }

    /** Counts a payload from the moment its bytes are handed over until the row tier has answered, which stores nothing. */
    private final class InMemory implements SpiInterceptor {
        private long bytes;
        private long most;

        Payload payload(Source source) {
            Flux<ByteBuffer> whole = Flux.defer(() -> Flux.just(ByteBuffer.wrap(BYTES)));
            Flux<ByteBuffer> pieces = Flux.range(0, 4).map(i -> ByteBuffer.wrap(BYTES, i * (MIB / 4), MIB / 4));
            Flux<ByteBuffer> counted = (source == Source.IN_PIECES ? pieces : whole).doOnNext(buffer -> {
                bytes += buffer.remaining();
                most = Math.max(most, bytes);
            });
            return source == Source.ANNOUNCED ? Payload.from(counted).contentLength(MIB) : Payload.from(counted);
        }

        @Override
        @SuppressWarnings("unchecked") // the answer of a blind put
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return call.operation() != SpiOperation.ROW_PUT
                    ? invocation
                    : Mono.delay(Duration.ofMillis(100), runtime.timers())
                            .map(late -> (T) new BlindOutcome.Done(RowVersion.ABSENT))
                            .doOnTerminate(() -> bytes -= MIB);
        }
    }

    @Test
    void ofALargeObjectOnlyTheBeginningNeedsTheBudgetAndOnlyUntilItWasHandedOn() {
        Engine engine =
                new Engine(builder -> builder.payloadBudget(Engine.THRESHOLD).queue(0, Duration.ZERO));
        AtomicBoolean stored = new AtomicBoolean();
        Sinks.Many<ByteBuffer> slow = Sinks.many().unicast().onBackpressureBuffer();
        engine.store
                .put(Engine.ID, ObjectMetadata.defaults(), Payload.from(slow.asFlux()))
                .subscribe(info -> stored.set(true));
        slow.tryEmitNext(ByteBuffer.allocate(1));
        assertThatThrownBy(() -> engine.put("x"))
                .as("it may still be small")
                .isInstanceOf(AtCapacityException.class)
                .hasMessageContaining("16 of the payloadBudget of 16 bytes");
        slow.tryEmitNext(ByteBuffer.allocate(Engine.THRESHOLD));
        engine.put("x");
        slow.tryEmitComplete();
        engine.rest();
        assertThat(stored).isTrue();
    }

    @Test
    void ofAShortPayloadWithoutAnnouncementOnlyItsLengthIsKeptOnceItIsKnown() {
        Engine engine =
                new Engine(builder -> builder.payloadBudget(Engine.THRESHOLD).queue(0, Duration.ZERO));
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.HANG));
        engine.store
                .put(Engine.ID, ObjectMetadata.defaults(), Payload.from(Flux.just(ByteBuffer.allocate(3))))
                .subscribe();
        engine.put("x".repeat(Engine.THRESHOLD - 3));
        assertThatThrownBy(() -> engine.put("x".repeat(Engine.THRESHOLD - 2))).isInstanceOf(AtCapacityException.class);
    }

    @Test
    void whatIsKnownToBeLargeAndWhatIsEmptyNeedsNone() {
        Engine engine = new Engine(
                builder -> builder.inlineThreshold(0).payloadBudget(0).queue(0, Duration.ZERO));
        engine.put(Engine.LARGE);
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        engine.put("");
        assertThat(engine.get()).isEmpty();
    }
}
