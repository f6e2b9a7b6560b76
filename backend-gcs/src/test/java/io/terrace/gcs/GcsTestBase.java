// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.TerraceRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A server that a test may disturb, and an instance on a bucket of it, in chunks of 256 KiB. */
abstract class GcsTestBase {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int CHUNK = GcsOptions.CHUNK_UNIT;
    /** Takes three requests to send, and one to begin. */
    static final int LARGE = 2 * CHUNK + 1000;

    static final ObjectMetadata METADATA = ObjectMetadata.of("text/plain");

    FakeGcs fake;
    String bucket;
    GcsBlobs blobs;

    @BeforeEach
    void startServer() {
        fake = FakeGcs.start();
        bucket = GcsServer.newBucket(fake.endpoint());
        blobs = open(builder -> builder);
        fake.resetCounts();
    }

    @AfterEach
    void stopServer() {
        blobs.closeLater().block(PATIENCE);
        fake.close();
    }

    GcsBlobs open(UnaryOperator<GcsBlobs.Builder> how) {
        return how.apply(GcsBlobs.builder(TerraceRuntime.system())
                        .endpoint(fake.endpoint())
                        .bucket(bucket)
                        .chunkSize(CHUNK))
                .build();
    }

    static BlobId blob() {
        return new BlobId(
                ObjectId.of(ObjectContext.of("test", Scopes.of(new Scope("org", "1"))), "a b/\u00fc"),
                TerraceRuntime.system().newUuid());
    }

    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    Mono<BlobInfo> put(BlobId id, int size) {
        return blobs.put(id, METADATA, Payload.of(bytes(size)), CommitGate.OPEN);
    }

    BlobId stored(int size) {
        BlobId id = blob();
        put(id, size).block(PATIENCE);
        fake.resetCounts();
        return id;
    }

    byte[] read(BlobId id) {
        return blobs.get(id, null)
                .flatMapMany(BlobContent::body)
                .collectList()
                .map(GcsTestBase::join)
                .block(PATIENCE);
    }

    static byte[] join(List<ByteBuffer> buffers) {
        ByteBuffer all = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(all::put);
        return all.array();
    }

    /** What the server has under the name of a blob; {@code null} if nothing. */
    FakeObject object(BlobId id) {
        return fake.objects().object(bucket, id.storagePath());
    }

    static <T> Throwable failureOf(Mono<T> call) {
        return call.then().materialize().block(PATIENCE).getThrowable();
    }

    static <T> Throwable failureOf(Flux<T> call) {
        return failureOf(call.then());
    }

    static void await(BooleanSupplier happened) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            pause(2);
        }
    }

    private static void pause(int millis) {
        Mono.delay(Duration.ofMillis(millis), Schedulers.boundedElastic())
                .toFuture()
                .join();
    }
}
