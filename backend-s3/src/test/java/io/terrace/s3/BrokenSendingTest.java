// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.spi.BlobId;
import io.terrace.spi.CommitGate;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * When a connection breaks while it is written to, the client releases a buffer twice, and logs that it did (see
 * docs/backends/s3.md). A buffer that is released twice may get into two hands: so what others send and read meanwhile, and
 * afterwards, is compared.
 */
class BrokenSendingTest {

    private static final int UPLOADS = 60;
    private static final int AT_ONCE = 8;
    private static final int CUTS = 30;

    @Test
    void bytesAreRightBesideAndAfterConnectionsThatBreak() {
        URI server = TestServer.shared().endpoint();
        try (FaultyTcpProxy proxy = FaultyTcpProxy.to(new InetSocketAddress(server.getHost(), server.getPort()));
                Store store = new Store(settings -> settings.connections(AT_ONCE)
                        .requestTimeout(Duration.ofSeconds(2))
                        .uploadTimeout(Duration.ofSeconds(2))
                        .endpoint(
                                URI.create("http://127.0.0.1:" + proxy.address().getPort())))) {
            store.put(Store.id(), Payload.of(Store.bytes(1)));
            proxy.cutRequestsAfter(200_000, CUTS);
            Map<BlobId, Integer> stored = new ConcurrentHashMap<>();
            Store.value(Flux.range(0, UPLOADS)
                    .flatMap(i -> put(store, 100_000 + 10_000 * i, stored), AT_ONCE)
                    .then(Mono.just(true)));
            proxy.flow();

            assertThat(proxy.cuts()).isGreaterThan(CUTS / 2);
            assertThat(stored).hasSizeGreaterThan(AT_ONCE);
            List<BlobId> wrong = Store.value(Flux.fromIterable(stored.keySet())
                    .flatMap(
                            id -> store.blobs()
                                    .get(id, null)
                                    .flatMap(content -> content.body().collectList())
                                    .map(Store::join)
                                    .filter(bytes -> !Arrays.equals(bytes, Store.bytes(stored.get(id))))
                                    .map(bytes -> id),
                            AT_ONCE)
                    .collectList());
            assertThat(wrong).isEmpty();
        }
    }

    private static Mono<Void> put(Store store, int size, Map<BlobId, Integer> stored) {
        BlobId id = Store.id();
        return store.blobs()
                .put(id, ObjectMetadata.defaults(), Payload.from(Store.stream(Store.bytes(size))), CommitGate.OPEN)
                .doOnSuccess(info -> stored.put(id, size))
                .then()
                .onErrorResume(TerraceException.class, broken -> Mono.empty());
    }
}
