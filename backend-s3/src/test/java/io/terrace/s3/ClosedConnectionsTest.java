// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.IntegrityException;
import io.terrace.Payload;
import io.terrace.TransientException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.testkit.fault.FaultyTcpProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Connections that their server closes in good order in the middle of an answer. Of the client's own publisher of a body these
 * are never heard of, and to the client a head that ends early is a head.
 */
class ClosedConnectionsTest {

    private static final int SIZE = 500_000;
    private static final int HEAD_BYTES = 700;

    private final URI server = TestServer.shared().endpoint();
    private final FaultyTcpProxy proxy = FaultyTcpProxy.to(new InetSocketAddress(server.getHost(), server.getPort()));
    private final Store store = new Store(settings -> settings.connections(4)
            .endpoint(URI.create("http://127.0.0.1:" + proxy.address().getPort())));
    private final BlobId id = Store.id();

    ClosedConnectionsTest() {
        store.put(id, Payload.of(Store.bytes(SIZE)));
    }

    @AfterEach
    void close() {
        proxy.flow();
        store.close();
        proxy.close();
    }

    @Test
    void aBodyIsReadOnFromItsLastByte() {
        proxy.endAnswersAfter(SIZE / 2, 1);

        assertThat(store.read(id)).isEqualTo(Store.bytes(SIZE));
        assertThat(proxy.cuts()).isEqualTo(1);
        assertThat(store.requests()).containsExactly("PutObject", "GetObject", "GetObject");
    }

    @Test
    void aBodyThatEndsEarlyEachTimeFails() {
        List<ByteBuffer> got = Store.value(store.blobs()
                .get(id, null)
                .flatMapMany(BlobContent::body)
                .doOnSubscribe(opened -> proxy.endAnswersAfter(HEAD_BYTES + 1, Integer.MAX_VALUE))
                .onErrorResume(TransientException.class, broken -> Mono.empty())
                .collectList());

        assertThat(Store.join(got)).isEqualTo(Arrays.copyOf(Store.bytes(SIZE), Store.join(got).length));
        assertThat(Store.join(got).length).isLessThan(SIZE);
    }

    @Test
    void aHeadThatIsCutShortIsNoAnswer() {
        BlobInfo whole = Store.value(store.blobs().head(id));
        for (int bytes = 0; bytes < HEAD_BYTES; bytes += 23) {
            proxy.endAnswersAfter(bytes, 1);
            assertWholeOrTransient(store.blobs().head(id), whole);
            proxy.endAnswersAfter(bytes, 1);
            assertWholeOrTransient(store.blobs().get(id, null).flatMap(ClosedConnectionsTest::closed), whole);
            proxy.endAnswersAfter(bytes, 1);
            assertWholeOrTransient(
                    store.blobs().get(id, ByteRange.bounded(1, 10)).flatMap(ClosedConnectionsTest::closed), whole);
            proxy.flow();
        }
        assertThat(proxy.cuts()).isGreaterThan(50);
        assertThat(store.read(id)).isEqualTo(Store.bytes(SIZE));
    }

    @Test
    void aStoreThatBeginsAnewIsNotTakenForTheRest() {
        ExecutionInterceptor whole = new ExecutionInterceptor() {
            @Override
            public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
                return context.httpRequest().toBuilder().removeHeader("Range").build();
            }
        };
        try (Store other = new Store(settings -> settings.connections(4)
                .interceptor(whole)
                .endpoint(URI.create("http://127.0.0.1:" + proxy.address().getPort())))) {
            other.put(id, Payload.of(Store.bytes(SIZE)));
            proxy.endAnswersAfter(SIZE / 2, 1);
            List<ByteBuffer> got = new ArrayList<>();
            Throwable error =
                    Store.error(other.open(id).body().doOnNext(got::add).then());

            assertThat(error).isInstanceOf(TransientException.class).hasMessageContaining("was to be read on at byte");
            assertThat(Store.join(got)).isEqualTo(Arrays.copyOf(Store.bytes(SIZE), Store.join(got).length));
        }
    }

    /** What is read on is the same object, or nothing. */
    @Test
    void aBodyThatBreaksIsNotReadOnFromAnotherObject() {
        proxy.endAnswersAfter(SIZE / 2, 1);
        AtomicBoolean replaced = new AtomicBoolean();
        List<ByteBuffer> got = new ArrayList<>();
        Throwable error = Store.error(store.open(id)
                .body()
                .doOnNext(bytes -> {
                    got.add(bytes);
                    if (!replaced.getAndSet(true)) {
                        replace();
                    }
                })
                .then());

        assertThat(error).isInstanceOf(IntegrityException.class).hasMessageContaining("was overwritten");
        assertThat(Store.join(got)).isEqualTo(Arrays.copyOf(Store.bytes(SIZE), Store.join(got).length));
    }

    private void replace() {
        try (S3AsyncClient others = TestBucket.client(TestServer.shared())) {
            String bucket = store.bucket().name();
            String key = others.listObjectsV2(request -> request.bucket(bucket))
                    .join()
                    .contents()
                    .get(0)
                    .key();
            others.putObject(
                            request -> request.bucket(bucket).key(key),
                            AsyncRequestBody.fromBytes(Store.bytes(SIZE + 1)))
                    .join();
        }
    }

    private static Mono<BlobInfo> closed(BlobContent content) {
        return content.discard().thenReturn(content.info());
    }

    private static void assertWholeOrTransient(Mono<BlobInfo> call, BlobInfo whole) {
        Signal<BlobInfo> end = Store.value(call.materialize());
        if (end.isOnError()) {
            assertThat(end.getThrowable())
                    .isInstanceOf(TransientException.class)
                    .hasMessageNotContaining("NullPointer");
        } else {
            assertThat(end.get()).isEqualTo(whole);
        }
    }
}
