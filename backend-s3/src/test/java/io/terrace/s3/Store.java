// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.TerraceRuntime;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** A store in a bucket of its own, whose requests are noted. */
final class Store implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestBucket bucket = TestBucket.create();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final S3Blobs blobs;

    Store(UnaryOperator<S3Blobs.Builder> settings) {
        ExecutionInterceptor notes = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                requests.add(context.request().getClass().getSimpleName().replace("Request", ""));
            }
        };
        this.blobs = settings.apply(bucket.configure(S3Blobs.builder(TerraceRuntime.system()))
                        .partBytes(S3Options.LEAST_PART_BYTES)
                        .interceptor(notes))
                .build();
    }

    Store() {
        this(settings -> settings);
    }

    S3Blobs blobs() {
        return blobs;
    }

    TestBucket bucket() {
        return bucket;
    }

    /** The requests since this was last asked. */
    List<String> requests() {
        List<String> made = List.copyOf(requests);
        requests.clear();
        return made;
    }

    static BlobId id() {
        return new BlobId(
                ObjectId.of(ObjectContext.of("test"), "key"),
                TerraceRuntime.system().newUuid());
    }

    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** A body that arrives in buffers, and whose length is not known. */
    static Flux<ByteBuffer> stream(byte[] bytes) {
        int piece = 60_000;
        return Flux.range(0, (bytes.length + piece - 1) / piece)
                .map(i -> ByteBuffer.wrap(bytes, i * piece, Math.min(piece, bytes.length - i * piece))
                        .slice());
    }

    BlobInfo put(BlobId id, Payload body) {
        return value(blobs.put(id, ObjectMetadata.defaults(), body, CommitGate.OPEN));
    }

    BlobContent open(BlobId id) {
        return value(blobs.get(id, null));
    }

    byte[] read(BlobId id) {
        return join(value(open(id).body().collectList()));
    }

    static byte[] join(List<ByteBuffer> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces) {
            byte[] bytes = new byte[piece.remaining()];
            piece.duplicate().get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    static <T> T value(Mono<T> call) {
        return Objects.requireNonNull(call.block(PATIENCE));
    }

    static Throwable error(Mono<?> call) {
        Throwable found = value(call.then().materialize()).getThrowable();
        return Objects.requireNonNull(found, "it must fail, and did not");
    }

    static <T> @Nullable T optional(Mono<T> call) {
        return call.block(PATIENCE);
    }

    @Override
    public void close() {
        blobs.closeLater().block(PATIENCE);
        bucket.close();
    }
}
