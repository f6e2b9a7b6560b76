// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Hands an answer on as soon as its head has arrived, its body as a publisher. The client's own transformer of this kind
 * loses the connection if it is cancelled between the head and its completion; this one closes what nobody wants any more.
 * And the body that the client hands out never ends if the server closes the connection in good order before its end: the
 * client tells its transformer only, so this one tells the body.
 */
final class ResponseStream implements AsyncResponseTransformer<GetObjectResponse, ResponseStream.Opened> {

    private final CompletableFuture<Opened> opened = new CompletableFuture<>();
    private final Sinks.Empty<ByteBuffer> broken = Sinks.empty();
    private volatile @Nullable GetObjectResponse head;
    private @Nullable Publisher<ByteBuffer> arrived;
    private boolean unwanted;

    private ResponseStream() {}

    /** An answer whose body is to be subscribed to, or closed. */
    record Opened(GetObjectResponse head, Publisher<ByteBuffer> body) {

        void close() {
            ResponseStream.close(body);
        }
    }

    /** One request. On cancel: closed, also if its answer arrives later. */
    static Mono<Opened> of(S3Store store, GetObjectRequest request) {
        return Mono.create(sink -> {
            ResponseStream stream = new ResponseStream();
            CompletableFuture<Opened> answer = store.client().getObject(request, stream);
            sink.onCancel(() -> {
                stream.abandon();
                answer.cancel(true);
            });
            CompletableFuture<Opened> unused = answer.whenComplete((opened, error) -> {
                if (error == null) {
                    sink.success(opened);
                } else {
                    stream.abandon();
                    sink.error(S3Errors.unwrap(error));
                }
            });
        });
    }

    @Override
    public CompletableFuture<Opened> prepare() {
        return opened;
    }

    @Override
    public void onResponse(GetObjectResponse response) {
        head = response;
    }

    @Override
    public void onStream(SdkPublisher<ByteBuffer> body) {
        boolean close;
        synchronized (this) {
            arrived = body;
            close = unwanted;
        }
        GetObjectResponse answer = head;
        if (close) {
            close(body);
        } else if (answer == null) {
            opened.completeExceptionally(new IllegalStateException("a body came before its head"));
        } else {
            opened.complete(new Opened(answer, Flux.from(body).takeUntilOther(broken.asMono())));
        }
    }

    @Override
    public void exceptionOccurred(Throwable error) {
        opened.completeExceptionally(error);
        broken.tryEmitError(error);
    }

    private void abandon() {
        Publisher<ByteBuffer> body;
        synchronized (this) {
            unwanted = true;
            body = arrived;
            arrived = null;
        }
        if (body != null) {
            close(body);
        }
    }

    static void close(Publisher<ByteBuffer> body) {
        Flux.from(body).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }

            @Override
            protected void hookOnError(Throwable error) {
                // Nobody is left who could be told.
            }
        });
    }
}
