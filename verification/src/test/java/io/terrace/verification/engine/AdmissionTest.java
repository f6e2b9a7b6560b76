// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.AtCapacityException;
import io.terrace.ClientPayloadException;
import io.terrace.ConfigurationException;
import io.terrace.GetOptions;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.StoredObject;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A store does so much at a time and refuses the rest; each way out of an operation frees its room. */
class AdmissionTest {

    /** Room for one operation and one payload, and for nobody to wait: what leaks is noticed by the next operation. */
    private final Engine engine = new Engine(
            builder -> builder.maxOperations(1).queue(0, Duration.ZERO).payloadBudget(Engine.THRESHOLD));

    @Test
    void whatFindsNoRoomIsRefusedAndNothingIsDone() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_READ, 1, Fault.HANG));
        Disposable first = engine.store.get(Engine.ID).subscribe();
        engine.traffic.reset();
        for (Mono<?> next : List.of(
                put(Payload.ofText(Engine.SMALL)),
                put(Payload.ofText(Engine.LARGE)),
                engine.store.get(Engine.ID),
                engine.store.head(Engine.ID),
                engine.store.delete(Engine.ID))) {
            assertThatThrownBy(() -> engine.finish(next)).isInstanceOf(AtCapacityException.class);
        }
        assertThat(engine.traffic.operations()).isEmpty();
        first.dispose();
        assertFree();
    }

    @Test
    void whoHearsAnAnswerFindsRoomForItsNextOperation() {
        Mono<String> all = put(Payload.ofText(Engine.LARGE))
                .flatMap(put -> engine.store.head(Engine.ID))
                .flatMap(head -> engine.store.withObject(Engine.ID, GetOptions.all(), Engine::text))
                .flatMap(text -> engine.store.delete(Engine.ID).thenReturn(text))
                .flatMap(text ->
                        engine.store.get(Engine.ID).map(object -> "found").defaultIfEmpty(text));
        assertThat(engine.finish(all)).isEqualTo(Engine.LARGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = SpiOperation.class,
            names = {"ROW_READ", "ROW_PUT", "ROW_DELETE", "ROW_CAS", "BLOB_PUT", "BLOB_GET", "LOG_APPEND", "LOG_REMOVE"
            })
    void whereverItFailsAnOperationFreesItsRoom(SpiOperation broken) {
        for (Fault fault : List.of(Fault.OK, Fault.FAIL_NOT_APPLIED, Fault.LOST, Fault.APPLIED_THEN_LOST)) {
            for (Mono<?> operation : operations()) {
                engine.faults.follow(FaultPlan.always(broken, fault));
                operation.subscribe(answer -> {}, error -> {});
                engine.rest();
                engine.faults.follow(FaultPlan.none());
                assertFree();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SpiOperation.class,
            names = {"ROW_READ", "ROW_PUT", "ROW_DELETE", "ROW_CAS", "BLOB_PUT", "BLOB_GET", "LOG_APPEND", "LOG_REMOVE"
            })
    void whereverItIsCancelledAnOperationFreesItsRoom(SpiOperation moment) {
        for (Mono<?> operation : operations()) {
            AtomicBoolean cancelled = new AtomicBoolean();
            Disposable.Swap running = Disposables.swap();
            engine.faults.follow(call -> {
                if (call.operation() == moment && !cancelled.getAndSet(true)) {
                    running.dispose();
                }
                return Fault.OK;
            });
            running.update(operation.subscribe(answer -> {}, error -> {}));
            engine.faults.follow(FaultPlan.none());
            engine.rest();
            assertFree();
        }
    }

    @Test
    void anOpenLargeObjectKeepsItsRoomUntilItsBodyHasEndedOrNobodyWillReadIt() {
        engine.put(Engine.LARGE);
        for (Use use : Use.values()) {
            StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
            assertThatThrownBy(() -> engine.finish(engine.store.head(Engine.ID)))
                    .as("while it is open")
                    .isInstanceOf(AtCapacityException.class);
            switch (use) {
                case READ -> engine.finish(Engine.text(open));
                case CANCEL -> open.body().subscribeWith(new Unread()).dispose();
                case DISCARD -> engine.finish(open.discard());
                case DISCARD_TWICE -> engine.finish(open.discard().then(open.discard()));
                case FORGET -> engine.runtime.advance(Duration.ofMinutes(1));
            }
            assertFree();
        }
    }

    private enum Use {
        READ,
        CANCEL,
        DISCARD,
        DISCARD_TWICE,
        FORGET
    }

    @Test
    void anOpenSmallObjectNeedsNoRoomSinceItIsThereAlready() {
        engine.put(Engine.SMALL);
        StoredObject open = Objects.requireNonNull(engine.finish(engine.store.get(Engine.ID)));
        assertFree();
        assertThat(engine.finish(Engine.text(open))).isEqualTo(Engine.SMALL);
    }

    @Test
    void whoWaitsIsServedWhenTheOneBeforeHasEnded() {
        Engine patient = new Engine(builder -> builder.maxOperations(1).queue(10, Duration.ofSeconds(2)));
        patient.put(Engine.LARGE);
        StoredObject open = Objects.requireNonNull(patient.finish(patient.store.get(Engine.ID)));
        AtomicBoolean served = new AtomicBoolean();
        patient.store.head(Engine.ID).subscribe(info -> served.set(true));
        Disposable impatient = patient.store.delete(Engine.ID).subscribe();
        assertThat(served).isFalse();
        impatient.dispose();
        patient.finish(open.discard());
        assertThat(served).isTrue();
        assertThat(patient.get()).as("the delete never began").isEqualTo(Engine.LARGE);
    }

    @Test
    void aCloseWaitsForThoseWhoWait() {
        Engine patient = new Engine(builder -> builder.maxOperations(1).queue(10, Duration.ofSeconds(2)));
        patient.put(Engine.LARGE);
        StoredObject open = Objects.requireNonNull(patient.finish(patient.store.get(Engine.ID)));
        AtomicBoolean served = new AtomicBoolean();
        patient.store.head(Engine.ID).subscribe(info -> served.set(true));
        AtomicBoolean closed = new AtomicBoolean();
        patient.store.closeLater(Duration.ofSeconds(10)).subscribe(nothing -> {}, error -> {}, () -> closed.set(true));
        assertThat(closed).isFalse();
        patient.finish(open.discard());
        assertThat(served).isTrue();
        assertThat(closed).isTrue();
    }

    @Test
    void allThatIsWrongWithTheLimitsIsReportedAtOnce() {
        assertThatThrownBy(() -> new Engine(builder -> builder.maxOperations(0)
                        .queue(-1, Duration.ofDays(2))
                        .bulkShare(1.5)
                        .payloadBudget(Engine.THRESHOLD - 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'admission.permits' is '0': expected a whole number of at least 1")
                .hasMessageContaining("option 'admission.queue' is '-1': expected a whole number of at least 0")
                .hasMessageContaining("option 'admission.queue-timeout' is '2d': must be at most 1d")
                .hasMessageContaining("option 'admission.bulk-share' is '1.5': must be from 0 to 1")
                .hasMessageContaining(
                        "option 'admission.payload-budget' is 15 bytes, but must be at least 'inline-threshold', which is 16");
        assertThatThrownBy(() -> new Engine(builder -> builder.bulkShare(Double.NaN)))
                .isInstanceOf(ConfigurationException.class);
    }

    private List<Mono<?>> operations() {
        return List.of(
                put(Payload.ofText(Engine.LARGE)),
                put(Payload.from(Flux.just(ByteBuffer.allocate(20), ByteBuffer.allocate(20)))),
                put(Payload.from(Flux.error(new IllegalStateException("the caller's own")))),
                engine.store.withObject(Engine.ID, GetOptions.all(), Engine::text),
                put(Payload.ofText(Engine.SMALL)),
                put(Payload.from(Flux.just(ByteBuffer.allocate(2), ByteBuffer.allocate(2)))),
                engine.store.withObject(Engine.ID, GetOptions.all(), Engine::text),
                put(Payload.ofText(Engine.LARGE)),
                engine.store.head(Engine.ID),
                engine.store.delete(Engine.ID));
    }

    private Mono<?> put(Payload payload) {
        return engine.store.put(Engine.ID, ObjectMetadata.defaults(), payload);
    }

    /** A payload of unknown length needs the whole budget; its failure changes nothing. */
    private void assertFree() {
        engine.finish(engine.store.head(Engine.ID));
        assertThatThrownBy(() -> engine.finish(put(Payload.from(Flux.error(new IllegalStateException("probe"))))))
                .isInstanceOf(ClientPayloadException.class);
    }

    /** Asks for nothing. */
    private static final class Unread extends BaseSubscriber<ByteBuffer> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}
    }
}
