// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.RowKind;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** Before its commit point a cancelled write is undone, afterwards it is completed. */
class CancellationTest {

    private final Engine engine = new Engine();

    @Test
    void cancelledWhileTheBodyIsPeekedAtNothingIsSentAndTheBodyIsCancelled() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<ByteBuffer> slow = Flux.concat(Flux.just(ByteBuffer.allocate(1)), Flux.<ByteBuffer>never())
                .doOnCancel(() -> cancelled.set(true));
        cancelPut(Payload.from(slow));

        assertThat(cancelled).isTrue();
        assertThat(engine.traffic.operations()).isEmpty();
        assertUndone();
    }

    @Test
    void cancelledDuringTheUploadBlobAndEntryAreRemovedAndTheBodyIsCancelled() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<ByteBuffer> slow = Flux.concat(Flux.just(ByteBuffer.allocate(100)), Flux.<ByteBuffer>never())
                .doOnCancel(() -> cancelled.set(true));
        cancelPut(Payload.from(slow));

        assertThat(cancelled).isTrue();
        assertThat(engine.traffic.operations()).contains(SpiOperation.LOG_APPEND, SpiOperation.LOG_REMOVE);
        assertUndone();
    }

    @Test
    void cancelledWhileTheEntryIsAppendedTheUndoWaitsForTheAppend() {
        engine.faults.follow(FaultPlan.on(SpiOperation.LOG_APPEND, 1, Fault.HANG));
        cancelPut(Payload.ofText(Engine.LARGE));
        assertThat(engine.traffic.operations()).doesNotContain(SpiOperation.LOG_REMOVE);
        // Never answered: it is left to the next recovery, once it has arrived.
        engine.faults.late().releaseAll().block();
        assertThat(engine.entries()).hasSize(1);
        engine.finish(engine.another(builder -> builder).recover());
        assertUndone();
    }

    @Test
    void cancelledBeforeTheRowWasReadNothingIsEverAppended() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_READ, 1, Fault.HANG));
        cancelPut(Payload.ofText(Engine.LARGE));
        assertThat(engine.traffic.operations()).doesNotContain(SpiOperation.LOG_APPEND);
        assertUndone();
    }

    @Test
    void cancelledDuringTheBlindCallTheWriteIsDoneAllTheSame() {
        engine.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.HANG));
        cancelPut(Payload.ofText(Engine.SMALL));
        engine.faults.late().releaseAll().block();

        assertThat(engine.get()).isEqualTo(Engine.SMALL);
    }

    @Test
    void cancelledAfterTheCommitPointTheWriteIsCompletedAndCleanedUp() {
        engine.put("an old value that is large, too");
        // The caller cancels at the very moment at which the compare-and-set is sent.
        Disposable.Swap put = Disposables.swap();
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_CAS) {
                put.dispose();
            }
            return Fault.OK;
        });
        put.update(engine.store
                .put(Engine.ID, ObjectMetadata.defaults(), Payload.ofText(Engine.LARGE))
                .subscribe());
        engine.faults.follow(FaultPlan.none());
        engine.rest();

        assertThat(put.isDisposed()).isTrue();
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        assertThat(engine.blobs()).hasSize(1);
        assertThat(engine.entries()).isEmpty();
    }

    private void cancelPut(Payload payload) {
        Disposable put =
                engine.store.put(Engine.ID, ObjectMetadata.defaults(), payload).subscribe();
        assertThat(put.isDisposed()).as("still under way").isFalse();
        put.dispose();
        engine.rest();
        engine.faults.follow(FaultPlan.none());
    }

    private void assertUndone() {
        assertThat(engine.head().kind()).isIn(RowKind.ABSENT, RowKind.MARKER);
        assertThat(engine.blobs()).isEmpty();
        assertThat(engine.entries()).isEmpty();
    }
}
