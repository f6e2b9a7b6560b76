// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.CallOptions;
import io.terrace.ConfigurationException;
import io.terrace.ContentRange;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.TerraceException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.RowKind;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An operation ends in its time, with an answer that is true, and what it began does not stay behind. */
class OperationTimeoutTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Engine engine = new Engine();

    @Test
    void aReadThatIsNotAnsweredEndsAndFreesItsRoom() {
        Engine narrow = new Engine(builder -> builder.maxOperations(1).queue(0, Duration.ZERO));
        for (Mono<?> read : List.of(narrow.store.get(Engine.ID), narrow.store.head(Engine.ID))) {
            narrow.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
            Outcome outcome = start(read);
            narrow.runtime.advance(TIMEOUT.minusNanos(1));
            assertThat(outcome.error).isNull();
            narrow.runtime.advance(Duration.ofNanos(1));
            assertThat(outcome.error)
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessage("The read was not answered within the operationTimeout of PT1M. Read again.");
            assertThat(outcome.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
            narrow.faults.follow(FaultPlan.none());
            narrow.finish(narrow.store.head(Engine.ID));
        }
    }

    @Test
    void aCallMayHaveATimeOfItsOwn() {
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        for (Duration own : List.of(Duration.ofSeconds(2), TIMEOUT.multipliedBy(2))) {
            Outcome read = start(engine.store.head(Engine.ID).contextWrite(CallOptions.within(own)));
            Outcome write = start(put(Engine.LARGE).contextWrite(CallOptions.within(own)));
            engine.runtime.advance(own.minusNanos(1));
            assertThat(read.error).isNull();
            assertThat(write.error).isNull();
            engine.runtime.advance(Duration.ofNanos(1));
            assertThat(read.error)
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessage("The read was not answered within the timeout of " + own + ". Read again.");
            assertThat(write.error)
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("not done within the timeout of " + own);
        }
    }

    @Test
    void whoHasLittleTimeWaitsNoLongerThanThatForRoom() {
        Engine narrow = new Engine(builder -> builder.maxOperations(1).queue(2, Duration.ofSeconds(10)));
        narrow.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        start(narrow.store.head(Engine.ID));
        Outcome hurried = start(narrow.store.head(Engine.ID).contextWrite(CallOptions.within(Duration.ofSeconds(1))));
        Outcome patient = start(narrow.store.head(Engine.ID).contextWrite(CallOptions.within(Duration.ofSeconds(20))));
        narrow.runtime.advance(Duration.ofSeconds(1));
        assertThat(hurried.error)
                .isInstanceOf(AtCapacityException.class)
                .hasMessageContaining("did not change within the timeout of PT1S");
        assertThat(patient.error).isNull();
        narrow.runtime.advance(Duration.ofSeconds(9));
        assertThat(patient.error)
                .isInstanceOf(AtCapacityException.class)
                .hasMessageContaining("did not change within the queueTimeout of PT10S");
    }

    @ParameterizedTest
    @EnumSource(
            value = SpiOperation.class,
            names = {"ROW_READ", "BLOB_PUT"})
    void aWriteBeforeItsCommitPointIsUndone(SpiOperation silent) {
        engine.faults.follow(FaultPlan.always(silent, Fault.HANG));
        Outcome outcome = start(put(Engine.LARGE));
        engine.runtime.advance(TIMEOUT);
        assertThat(outcome.error)
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("Nothing was stored");
        assertThat(outcome.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        assertThat(engine.head().kind()).isEqualTo(RowKind.ABSENT);
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
        assertThat(closesAtOnce(engine.store)).isTrue();
    }

    @Test
    void aWriteWithoutAnAnswerFromTheRowTierIsUnknownAndMayStillBeDone() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.HANG));
        Outcome outcome = start(put(Engine.SMALL));
        engine.runtime.advance(TIMEOUT);
        assertThat(outcome.error)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("operationTimeout of PT1M")
                .hasMessageContaining("read the object before writing again");
        engine.faults.late().releaseAll().block();
        assertThat(engine.get()).isEqualTo(Engine.SMALL);
    }

    @Test
    void aWriteThatIsAnsweredLateIsCompletedBehindItsAnswer() {
        engine.put("an old value that is large, too");
        TieredObjectStore slow =
                engine.another(builder -> builder.highVolume(new Slow(Duration.ofSeconds(90)).rows(engine.rows)));
        Outcome outcome = start(slow.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE)));
        engine.runtime.advance(TIMEOUT);
        assertThat(outcome.error).isInstanceOf(OutcomeUnknownException.class);
        assertThat(closesAtOnce(slow)).as("it goes on").isFalse();
        engine.runtime.advance(Duration.ofSeconds(31));
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertThat(engine.blobs()).hasSize(1);
        assertThat(engine.entries()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SpiOperation.class,
            names = {"ROW_CAS", "LOG_APPEND"})
    void aWriteThatIsNeverAnsweredIsGivenUpAfterAsLongAgainAndSettledByRecovery(SpiOperation silent) {
        engine.put(Engine.LARGE);
        engine.faults.follow(FaultPlan.always(silent, Fault.HANG));
        Outcome outcome = start(put(Engine.SMALL));
        engine.runtime.advance(TIMEOUT);
        assertThat(outcome.error).isInstanceOf(OutcomeUnknownException.class);
        engine.runtime.advance(TIMEOUT.minusNanos(1));
        engine.faults.follow(FaultPlan.none());
        engine.traffic.reset();
        engine.runtime.advance(Duration.ofNanos(1));
        assertThat(engine.traffic.operations()).isEmpty();
        engine.rest();
        assertThat(engine.traffic.operations()).as("a recovery of its own").contains(SpiOperation.LOG_SCAN);
        assertThat(engine.entries()).isEmpty();
        engine.faults.late().releaseAll().block();
        engine.finish(engine.store.recover());
        assertThat(engine.entries()).isEmpty();
        assertThat(engine.get()).as("late, but fenced").isEqualTo(Engine.LARGE);
        assertThat(engine.blobs()).hasSize(1);
        assertThat(closesAtOnce(engine.store)).isTrue();
    }

    @Test
    void aLargeWriteThatIsNeverAnsweredLeavesNeitherBlobNorEntry() {
        engine.faults.follow(FaultPlan.always(SpiOperation.ROW_CAS, Fault.HANG));
        Outcome outcome = start(put(Engine.LARGE));
        engine.runtime.advance(TIMEOUT.multipliedBy(2));
        assertThat(outcome.error).isInstanceOf(OutcomeUnknownException.class);
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        engine.faults.late().releaseAll().block();
        assertThat(engine.get()).isNull();
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
    }

    @Test
    void behindItsAnswerAWriteKeepsItsBytesButNotItsPlace() {
        Engine narrow = new Engine(
                builder -> builder.maxOperations(1).queue(0, Duration.ZERO).payloadBudget(Engine.THRESHOLD));
        narrow.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.HANG));
        Payload whole = Payload.ofText("x".repeat(Engine.THRESHOLD));
        start(narrow.store.put(Engine.ID, ObjectMetadata.defaults(), whole));
        narrow.runtime.advance(TIMEOUT);
        narrow.finish(narrow.store.head(Engine.ID));
        Outcome second = start(narrow.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText("x")));
        assertThat(second.error).isInstanceOf(AtCapacityException.class).hasMessageContaining("payloadBudget");
        narrow.runtime.advance(TIMEOUT);
        narrow.finish(narrow.store.put(Engine.ID, ObjectMetadata.defaults(), whole));
    }

    @Test
    void anUploadThatStandsStillEndsAndOneThatIsSlowDoesNot() {
        for (long seconds : new long[] {50, 61}) {
            AtomicBoolean cancelled = new AtomicBoolean();
            Flux<ByteBuffer> drip = Flux.range(0, 10)
                    .concatMap(i -> Mono.delay(Duration.ofSeconds(seconds), engine.runtime.timers())
                            .thenReturn(ByteBuffer.allocate(8)))
                    .doOnCancel(() -> cancelled.set(true));
            for (Payload payload :
                    List.of(Payload.from(drip), Payload.from(drip).contentLength(80))) {
                Outcome outcome = start(engine.store.put(Engine.ID, ObjectMetadata.defaults(), payload));
                engine.runtime.advance(Duration.ofSeconds(seconds * 10));
                engine.rest();
                if (seconds == 50) {
                    assertThat(outcome.error).isNull();
                    assertThat(outcome.completed).isTrue();
                } else {
                    assertThat(outcome.error).isInstanceOf(DeadlineExceededException.class);
                    assertThat(outcome.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
                    assertThat(cancelled).isTrue();
                    assertThat(engine.blobs()).as("the one from before").hasSize(1);
                    assertThat(engine.entries()).isEmpty();
                }
            }
        }
    }

    @Test
    void aDownloadThatStandsStillEndsWhoeverIsAtFaultAndOneThatIsSlowDoesNot() {
        // A tier that sends a buffer every 50 seconds, to a reader that asks for three, or for more than there are.
        TieredObjectStore slow = engine.another(builder -> builder.longTerm(new Drip().blobs(engine.blobs)));
        engine.put("x".repeat(100));
        for (long asked : new long[] {3, 100}) {
            for (long seconds : new long[] {50, 61}) {
                dripSeconds = seconds;
                StoredObject open = Objects.requireNonNull(engine.finish(slow.get(Engine.ID)));
                Reader reader = new Reader(asked);
                open.body().subscribe(reader);
                engine.runtime.advance(Duration.ofMinutes(20));
                boolean standsStill = seconds > 60 || asked == 3;
                assertThat(reader.received).isEqualTo(seconds > 60 ? 0 : asked == 3 ? 3 : 10);
                assertThat(reader.completed).isEqualTo(!standsStill);
                if (standsStill) {
                    assertThat(reader.error)
                            .isInstanceOf(DeadlineExceededException.class)
                            .hasMessageContaining("within the bodyTimeout of PT1M");
                }
            }
        }
        assertThat(closesAtOnce(slow)).as("nothing is held any more").isTrue();
    }

    private long dripSeconds;

    /** A blob tier that sends ten buffers of ten bytes, slowly. */
    private final class Drip implements SpiInterceptor {
        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return invocation;
        }

        @Override
        public BlobContent opened(SpiCall get, BlobContent content) {
            return new BlobContent() {
                @Override
                public BlobInfo info() {
                    return content.info();
                }

                @Override
                public ContentRange range() {
                    return content.range();
                }

                @Override
                public Flux<ByteBuffer> body() {
                    return Flux.range(0, 10)
                            .concatMap(
                                    i -> Mono.delay(Duration.ofSeconds(dripSeconds), engine.runtime.timers())
                                            .thenReturn(ByteBuffer.allocate(10)),
                                    1);
                }

                @Override
                public Mono<Void> discard() {
                    return content.discard();
                }
            };
        }
    }

    private static final class Reader extends BaseSubscriber<ByteBuffer> {
        private final long asked;
        private int received;
        private Throwable error;
        private boolean completed;

        Reader(long asked) {
            this.asked = asked;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(asked);
        }

        @Override
        protected void hookOnNext(ByteBuffer buffer) {
            received++;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            error = failure;
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }
    }

    @Test
    void theTimeInTheQueueCounts() {
        Engine narrow = new Engine(builder ->
                builder.maxOperations(1).queue(10, Duration.ofSeconds(30)).operationTimeout(Duration.ofSeconds(40)));
        narrow.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.HANG));
        Outcome first = start(narrow.store.head(Engine.ID));
        narrow.runtime.advance(Duration.ofSeconds(20));
        Outcome second = start(narrow.store.head(Engine.ID));
        narrow.runtime.advance(Duration.ofSeconds(20));
        assertThat(first.error).isInstanceOf(DeadlineExceededException.class);
        narrow.runtime.advance(Duration.ofSeconds(20).minusNanos(1));
        assertThat(second.error).isNull();
        narrow.runtime.advance(Duration.ofNanos(1));
        assertThat(second.error).isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aTimeoutThatIsNoneIsRefused() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            Assertions.assertThatThrownBy(() -> new Engine(builder -> builder.operationTimeout(wrong)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("option 'operation-timeout' is '");
        }
    }

    private Mono<?> put(String value) {
        return engine.store.put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(value));
    }

    private static boolean closesAtOnce(TieredObjectStore store) {
        AtomicBoolean closed = new AtomicBoolean();
        store.closeLater(Duration.ofMinutes(10)).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
        return closed.get();
    }

    private static Outcome start(Mono<?> operation) {
        Outcome outcome = new Outcome();
        operation.subscribe(value -> {}, error -> outcome.error = error, () -> outcome.completed = true);
        return outcome;
    }

    private static final class Outcome {
        private Throwable error;
        private boolean completed;

        Determinacy determinacy() {
            return ((TerraceException) error).determinacy();
        }
    }

    /** A row tier whose compare-and-set takes its time. */
    private final class Slow implements SpiInterceptor {
        private final Duration time;

        Slow(Duration time) {
            this.time = time;
        }

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return call.operation() == SpiOperation.ROW_CAS
                    ? Mono.delay(time, engine.runtime.timers()).then(invocation)
                    : invocation;
        }
    }
}
