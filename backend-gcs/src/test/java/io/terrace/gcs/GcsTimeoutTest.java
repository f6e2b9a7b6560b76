// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.TransientException;
import io.terrace.gcs.FakeFault.Stall;
import io.terrace.gcs.FakeFault.StallAfter;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Requests without a timeout would let a stalled transfer hold its place for ever; so each has one, whichever side stalls, and the
 * one thread that these tests have is free after it.
 */
class GcsTimeoutTest extends GcsTestBase {

    private static final Duration SOON = Duration.ofMillis(300);

    @BeforeEach
    void hurry() {
        blobs = open(builder -> builder.threads(1).readTimeout(SOON).callTimeout(SOON.multipliedBy(3)));
    }

    @Test
    void aServerThatDoesNotAnswerEndsEveryCall() {
        BlobId id = stored(LARGE);
        Map<String, Mono<?>> calls = new LinkedHashMap<>();
        calls.put("describe", blobs.head(id));
        calls.put("download", blobs.get(id, null));
        calls.put("delete", blobs.delete(id));
        calls.put("list", blobs.list("").collectList());
        calls.put("insert", put(blob(), 10));
        calls.put("start", put(blob(), LARGE));
        calls.put("chunk", put(blob(), LARGE));
        calls.put("finish", put(blob(), LARGE));
        calls.forEach((kind, call) -> {
            fake.plan(kind, 10, new Stall());
            Throwable failure = failureOf(call);
            fake.heal();

            assertThat(failure).as(kind).isInstanceOf(TerraceException.class);
            boolean mayHaveHappened = kind.equals("delete") || kind.equals("insert") || kind.equals("finish");
            assertThat(((TerraceException) failure).determinacy())
                    .as(kind)
                    .isEqualTo(mayHaveHappened ? Determinacy.UNKNOWN : Determinacy.NOT_APPLIED);
        });
    }

    @Test
    void aBodyThatStandsStillIsReadOnByAnotherRequest() {
        BlobId id = stored(LARGE);
        fake.plan("download", 1, new StallAfter(CHUNK + 10));

        assertThat(read(id)).isEqualTo(bytes(LARGE));
        assertThat(fake.counts()).containsEntry("download", 2);
    }

    @Test
    void aBodyThatStandsStillForGoodFails() {
        BlobId id = stored(LARGE);
        fake.plan("download", 1, new StallAfter(CHUNK + 10));
        fake.plan("download", 10, new Stall());

        assertThat(failureOf(blobs.get(id, null).flatMapMany(BlobContent::body)))
                .isInstanceOf(TransientException.class);
    }

    /** The client has no timeout for bytes that nobody takes. */
    @Test
    void aServerThatTakesNothingEndsAnUploadAndFreesItsThread() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            silent.setReceiveBufferSize(4096);
            GcsBlobs upload = GcsBlobs.builder(TerraceRuntime.system())
                    .endpoint("http://127.0.0.1:" + silent.getLocalPort())
                    .bucket(bucket)
                    .chunkSize(32 << 20)
                    .threads(1)
                    .readTimeout(Duration.ofMinutes(1))
                    .callTimeout(SOON)
                    .build();
            long before = System.nanoTime();
            assertThat(failureOf(upload.put(blob(), METADATA, Payload.of(new byte[30 << 20]), CommitGate.OPEN)))
                    .isInstanceOf(TerraceException.class);
            assertThat(failureOf(upload.head(blob()))).isInstanceOf(TransientException.class);
            upload.closeLater().block(PATIENCE);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE);
        }
    }

    @Test
    void moreCallsThanMayWaitAreRefused() {
        blobs = open(builder -> builder.threads(1).queue(2));
        fake.plan("describe", 1, new Stall());
        Disposable.Composite waiting = Disposables.composite();
        for (int i = 0; i < 3; i++) {
            waiting.add(blobs.head(blob()).subscribe(info -> {}, error -> {}));
        }

        await(() -> fake.counts().containsKey("describe"));

        assertThat(failureOf(blobs.head(blob())))
                .isInstanceOfSatisfying(AtCapacityException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        waiting.dispose();
        assertThat(blobs.head(blob()).blockOptional(PATIENCE)).isEmpty();
    }
}
