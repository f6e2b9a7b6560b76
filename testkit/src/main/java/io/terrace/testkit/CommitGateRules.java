// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** LT-2, continued: a blob is not visible before its gate has opened. */
abstract class CommitGateRules {

    private static final List<Integer> SIZES = List.of(0, 1000, 6 << 20);

    private final Blobs blobs;

    CommitGateRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-2.14")
    void nothingIsVisibleOrAnsweredBeforeTheGateOpens() {
        for (int size : SIZES) {
            BlobId id = blobs.fresh();
            Sinks.Empty<Void> gate = Sinks.empty();
            AtomicInteger subscribed = new AtomicInteger();
            CompletableFuture<BlobInfo> answer = blobs.put(id, Payload.of(Bytes.of(size)), () -> gate.asMono()
                            .doOnSubscribe(s -> subscribed.incrementAndGet()))
                    .toFuture();
            Await.until("the backend waits at the gate", () -> subscribed.get() > 0 || answer.isDone());
            blobs.assertInvisible(id);
            assertThat(answer).isNotDone();
            gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

            Await.done(Mono.fromFuture(answer));
            assertThat(blobs.read(id)).isEqualTo(Bytes.of(size));
        }
    }

    @Rule("LT-2.15")
    void theGateIsSubscribedToOnce() {
        for (int size : SIZES) {
            AtomicInteger subscribed = new AtomicInteger();
            Mono<Void> gate = Mono.<Void>empty().doOnSubscribe(s -> subscribed.incrementAndGet());
            Await.done(blobs.put(blobs.fresh(), Payload.of(Bytes.of(size)), () -> gate));

            assertThat(subscribed).hasValue(1);
        }
    }

    @Rule("LT-2.16")
    void anErrorOfTheGateIsPassedOnUnchangedAndNothingRemains() {
        for (int size : SIZES) {
            for (Throwable error : List.of(new IllegalStateException("closed"), new IOException("closed"))) {
                BlobId id = blobs.fresh();

                assertThat(Await.error(blobs.put(id, Payload.of(Bytes.of(size)), () -> Mono.error(error))))
                        .isSameAs(error);
                blobs.assertInvisible(id);
            }
        }
    }

    @Rule("LT-2.17")
    void aGateThatFailsLateIsAGateThatFails() {
        for (int size : SIZES) {
            BlobId id = blobs.fresh();
            RuntimeException error = new IllegalStateException("closed");
            Sinks.Empty<Void> gate = Sinks.empty();
            CompletableFuture<BlobInfo> answer =
                    blobs.put(id, Payload.of(Bytes.of(size)), gate::asMono).toFuture();
            Await.until("the backend waits at the gate", () -> gate.currentSubscriberCount() > 0 || answer.isDone());
            gate.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);

            assertThat(Await.error(Mono.fromFuture(answer))).isSameAs(error);
            blobs.assertInvisible(id);
        }
    }

    @Rule("LT-2.18")
    void aPutThatIsCancelledAtTheGateCancelsItAndNothingBecomesVisible() {
        for (int size : SIZES) {
            BlobId id = blobs.fresh();
            Sinks.Empty<Void> gate = Sinks.empty();
            AtomicBoolean cancelled = new AtomicBoolean();
            CompletableFuture<BlobInfo> answer = blobs.put(
                            id, Payload.of(Bytes.of(size)), () -> gate.asMono().doOnCancel(() -> cancelled.set(true)))
                    .toFuture();
            Await.until("the backend waits at the gate", () -> gate.currentSubscriberCount() > 0 || answer.isDone());
            assertThat(answer).isNotDone();
            answer.cancel(true);
            Await.until("the gate is cancelled", cancelled::get);
            gate.tryEmitEmpty();

            blobs.assertInvisible(id);
        }
    }
}
