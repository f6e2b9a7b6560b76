// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Servers, clients and readers that take their time. */
class SlowPartnersTest {

    private static final int PART = (int) S3Options.LEAST_PART_BYTES;

    /** A known hole of such stores: without timeouts an upload that nobody takes holds its permit for ever. */
    @Test
    void anUploadThatTheServerDoesNotTakeEndsAndGivesItsMemoryBack() {
        URI server = TestServer.shared().endpoint();
        try (FaultyTcpProxy proxy = FaultyTcpProxy.to(new InetSocketAddress(server.getHost(), server.getPort()));
                Store store = new Store(settings -> settings.endpoint(
                                URI.create("http://127.0.0.1:" + proxy.address().getPort()))
                        .connections(4)
                        .requestTimeout(Duration.ofMillis(500))
                        .uploadTimeout(Duration.ofMillis(500))
                        .idleTimeout(Duration.ofMillis(500)))) {
            proxy.holdRequests();
            for (int size : List.of(PART, 3 * PART)) {
                assertThat(Store.error(store.blobs()
                                .put(
                                        Store.id(),
                                        ObjectMetadata.defaults(),
                                        Payload.from(Store.stream(Store.bytes(size))),
                                        CommitGate.OPEN)))
                        .isInstanceOf(TerraceException.class);
                assertThat(store.blobs().uploadMemoryInUse()).isZero();
            }
            proxy.flow();
            BlobId id = Store.id();
            store.put(id, Payload.of(Store.bytes(10)));

            assertThat(store.read(id)).isEqualTo(Store.bytes(10));
        }
    }

    @Test
    void aReaderWhoPausesForLongerThanAConnectionMayStandStillGetsTheRest() {
        try (Store store = new Store(
                settings -> settings.idleTimeout(Duration.ofMillis(300)).requestTimeout(Duration.ofMillis(300)))) {
            int size = 24 << 20;
            BlobId id = Store.id();
            store.put(id, Payload.of(Store.bytes(size)));
            store.requests();
            BlobContent content = store.open(id);
            List<ByteBuffer> read = new ArrayList<>();
            StepVerifier.create(content.body(), 0)
                    .thenRequest(3)
                    .recordWith(() -> read)
                    .expectNextCount(3)
                    .thenAwait(Duration.ofMillis(1500))
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(buffer -> true)
                    .expectComplete()
                    .verify(Store.PATIENCE);

            assertThat(Store.join(read)).isEqualTo(Store.bytes(size));
            assertThat(store.requests()).hasSizeGreaterThan(1).containsOnly("GetObject");
        }
    }

    @Test
    void aBodyMayTakeLongerThanARequest() {
        try (Store store = new Store(settings -> settings.requestTimeout(Duration.ofMillis(400)))) {
            int size = 16 << 20;
            BlobId id = Store.id();
            store.put(id, Payload.of(Store.bytes(size)));
            store.requests();
            BlobContent content = store.open(id);
            List<ByteBuffer> read = Store.value(content.body()
                    .index()
                    .concatMap(
                            buffer -> buffer.getT1() % 500 == 0
                                    ? Mono.just(buffer.getT2()).delayElement(Duration.ofMillis(300))
                                    : Mono.just(buffer.getT2()),
                            1)
                    .collectList());

            assertThat(Store.join(read)).isEqualTo(Store.bytes(size));
            assertThat(store.requests()).containsExactly("GetObject");
        }
    }

    @Test
    void aSourceThatStopsHoldsOnePartAndIsCancelledWithItsPut() {
        try (Store store = new Store()) {
            Flux<ByteBuffer> body = Store.stream(Store.bytes(PART + 100_000)).concatWith(Flux.never());
            StepVerifier.create(store.blobs()
                            .put(Store.id(), ObjectMetadata.defaults(), Payload.from(body), CommitGate.OPEN))
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMillis(300))
                    .then(() -> assertThat(store.blobs().uploadMemoryInUse()).isBetween((long) PART, 2L * PART))
                    .thenCancel()
                    .verify(Store.PATIENCE);

            assertThat(store.blobs().uploadMemoryInUse()).isZero();
            Eventually.holds("no upload is left", () -> store.bucket().uploads().isEmpty());
        }
    }
}
