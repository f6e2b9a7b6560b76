// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.terrace.ContentRange;
import io.terrace.localfs.Fsync;
import io.terrace.localfs.LocalFs;
import io.terrace.spi.Backend;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import io.terrace.testkit.fault.FaultInjector;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.TrafficRecorder;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** The server on a free port, over a store in a directory whose tiers can be made to fail. Counts Netty's memory exactly. */
final class TestServer implements AutoCloseable {

    static final int MAX_BYTES = 16 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final FaultInjector faults = new FaultInjector(FaultPlan.none());
    final TrafficRecorder traffic = new TrafficRecorder();
    private final Reads reads = new Reads();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final TieredObjectStore store;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final LoopResources loops = LoopResources.create("example");
    private final List<Backend> backends;
    private final DisposableServer server;

    TestServer(Path directory) {
        LocalFs disk = LocalFs.builder(directory, TerraceRuntime.system())
                .fsync(Fsync.NEVER)
                .build();
        HighVolumeBackend rows = disk.rows();
        LongTermBackend blobs = disk.blobs();
        ChangeLog log = disk.changeLog();
        backends = List.of(rows, blobs, log);
        store = TieredObjectStore.builder()
                .highVolume(traffic.rows(faults.rows(rows)))
                .longTerm(traffic.blobs(faults.blobs(reads.blobs(blobs))))
                .changeLog(traffic.changeLog(faults.changeLog(log)))
                .build();
        server = ObjectServer.start(
                store,
                HttpServer.create().port(0).runOn(loops).childOption(ChannelOption.ALLOCATOR, memory),
                MAX_BYTES);
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port() + path);
    }

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET());
    }

    HttpResponse<byte[]> put(String path, byte[] body, String... headers) throws Exception {
        return send(request(path, headers).PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    /** How much memory of Netty is not released. */
    long heldBytes() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    /** How many bytes of blobs the store has read since the last one was opened. */
    long bytesRead() {
        return reads.bytes.get();
    }

    /** Whether nothing was read for a while. */
    boolean downloadStandsStill() {
        long before = bytesRead();
        Mono.delay(Duration.ofMillis(200)).block();
        return before > 0 && bytesRead() == before;
    }

    /** Waits until neither Netty nor the store holds anything of any request, and looks for what is wrong in the store. */
    void assertNothingIsHeld() {
        Await.until("the buffers of requests and answers are released", () -> heldBytes() == 0);
        Await.until("the calls of the store have ended", () -> traffic.running().isEmpty() && traffic.openBlobs() == 0);
        Await.until("the store has cleaned up", () -> Await.value(
                        store.inspect(InspectionDepth.CONTENT).collectList())
                .isEmpty());
    }

    /** Asserts it of a server that is closed, too: no connection is left to hold anything. */
    @Override
    public void close() {
        server.disposeNow(PATIENCE);
        Await.done(loops.disposeLater(Duration.ZERO, PATIENCE));
        Await.done(store.closeLater(PATIENCE));
        backends.forEach(backend -> Await.done(backend.closeLater()));
        assertThat(heldBytes()).isZero();
    }

    /** Counts what is read of the blob that was opened last. */
    private static final class Reads implements SpiInterceptor {
        private final AtomicLong bytes = new AtomicLong();

        @Override
        public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
            return invocation;
        }

        @Override
        public BlobContent opened(SpiCall get, BlobContent content) {
            bytes.set(0);
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
                    return content.body().doOnNext(buffer -> bytes.addAndGet(buffer.remaining()));
                }

                @Override
                public Mono<Void> discard() {
                    return content.discard();
                }
            };
        }
    }
}
