// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ClientPayloadException;
import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** LT-2, continued: an upload that does not reach its end leaves nothing. */
abstract class BrokenPutRules {

    private static final int CHUNK = 40_000;

    private final Blobs blobs;

    BrokenPutRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-2.8")
    void aBodyShorterThanAnnouncedIsTheClientsFaultAndLeavesNothing() {
        for (int size : List.of(0, 1, 99, 5 * CHUNK)) {
            failsWithClientPayload(
                    Blobs.stream(Bytes.cut(Bytes.of(size), CHUNK)).contentLength(size + 1));
        }
    }

    @Rule("LT-2.9")
    void aBodyLongerThanAnnouncedIsTheClientsFaultAndLeavesNothing() {
        for (int size : List.of(1, 2, 100, 5 * CHUNK)) {
            failsWithClientPayload(
                    Blobs.stream(Bytes.cut(Bytes.of(size), CHUNK)).contentLength(size - 1));
        }
    }

    @Rule("LT-2.10")
    void aBodyThatFailsOnTheWayIsTheClientsFaultAndLeavesNothing() {
        for (int pieces : List.of(0, 1, 4, 30)) {
            RuntimeException failure = new IllegalStateException("the source has failed");
            Flux<ByteBuffer> body = Flux.fromIterable(Bytes.cut(Bytes.of(pieces * CHUNK), CHUNK))
                    .concatWith(Mono.error(failure));

            assertThat(failsWithClientPayload(Payload.from(body))).hasRootCause(failure);
            assertThat(failsWithClientPayload(Payload.from(body).contentLength((long) pieces * CHUNK)))
                    .hasRootCause(failure);
        }
    }

    @Rule("LT-2.11")
    void aPutThatIsCancelledCancelsTheBodyAndLeavesNothing() throws InterruptedException {
        for (int pieces = 0; pieces < 6; pieces++) {
            BlobId id = blobs.fresh();
            CountDownLatch sent = new CountDownLatch(pieces + 1);
            AtomicBoolean cancelled = new AtomicBoolean();
            Flux<ByteBuffer> body = Flux.fromIterable(Bytes.cut(Bytes.of(pieces * CHUNK), CHUNK))
                    .doOnNext(piece -> sent.countDown())
                    .concatWith(Flux.never())
                    .doOnSubscribe(s -> sent.countDown())
                    .doOnCancel(() -> cancelled.set(true));
            Disposable put = blobs.put(id, Payload.from(body), CommitGate.OPEN).subscribe();
            Await.until("the body is read to where it hangs", () -> sent.getCount() == 0);
            put.dispose();

            Await.until("the body is cancelled", cancelled::get);
            blobs.assertInvisible(id);
        }
    }

    @Rule(value = "LT-2.12", requirement = Requirement.STOCHASTIC)
    void aPutThatIsCancelledAtOnceLeavesNothingOrTheWholeBlob() {
        for (int round = 0; round < 20; round++) {
            BlobId id = blobs.fresh();
            Mono<BlobInfo> put = blobs.put(id, Payload.of(Bytes.of(CHUNK)), CommitGate.OPEN);
            Cancel.at(round, put);

            Await.optional(blobs.backend().head(id))
                    .ifPresent(info -> assertThat(blobs.read(id)).isEqualTo(Bytes.of(CHUNK)));
        }
    }

    @Rule("LT-2.13")
    void anUploadThatFailedDoesNotStandInTheWayOfTheNext() {
        BlobId id = blobs.fresh();
        Await.error(blobs.put(id, Payload.from(Flux.error(new IllegalStateException("no bytes"))), CommitGate.OPEN));
        blobs.put(id, Payload.of(Bytes.of(9)));

        assertThat(blobs.read(id)).isEqualTo(Bytes.of(9));
    }

    private Throwable failsWithClientPayload(Payload body) {
        BlobId id = blobs.fresh();
        Throwable error = Await.error(blobs.put(id, body, CommitGate.OPEN));

        assertThat(error).isInstanceOf(ClientPayloadException.class);
        blobs.assertInvisible(id);
        return error;
    }
}
