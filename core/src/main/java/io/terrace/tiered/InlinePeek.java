// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * Reads a body until it has ended or has shown itself to be longer than a limit, one buffer at a time. Holds at most the
 * limit and one buffer more, and copies nothing unless a short body came in several buffers.
 */
final class InlinePeek implements CoreSubscriber<ByteBuffer> {

    /**
     * What the beginning of a body shows.
     *
     * @param bytes all of it, unless it is longer than the limit
     * @param rest then all of it as a stream, of which the beginning has arrived already; otherwise {@code null}
     */
    record Peeked(ByteBuffer bytes, @Nullable PeekedStream rest) {}

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final MonoSink<Peeked> sink;
    private final int limit;
    private final ArrayDeque<ByteBuffer> head = new ArrayDeque<>();
    private int length;
    private volatile @Nullable Subscription source;
    private volatile boolean cancelled;
    private @Nullable PeekedStream stream;

    private InlinePeek(MonoSink<Peeked> sink, int limit) {
        this.sink = sink;
        this.limit = limit;
    }

    static Mono<Peeked> of(Flux<ByteBuffer> body, int limit) {
        return Mono.create(sink -> {
            InlinePeek peek = new InlinePeek(sink, limit);
            sink.onCancel(peek::cancel);
            body.subscribe(peek);
        });
    }

    private void cancel() {
        cancelled = true;
        Subscription from = source;
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        PeekedStream to = stream;
        if (to != null) {
            to.onNext(buffer);
            return;
        }
        head.add(buffer);
        Subscription from = source;
        if (from == null) {
            return;
        }
        // Compared without adding first, so that it cannot overflow.
        if (buffer.remaining() > limit - length) {
            stream = new PeekedStream(head, from);
            sink.success(new Peeked(NONE, stream));
        } else {
            length += buffer.remaining();
            from.request(1);
        }
    }

    @Override
    public void onError(Throwable error) {
        PeekedStream to = stream;
        if (to != null) {
            to.onEnd(error);
        } else {
            sink.error(error);
        }
    }

    @Override
    public void onComplete() {
        PeekedStream to = stream;
        if (to != null) {
            to.onEnd(null);
        } else {
            sink.success(new Peeked(joined(), null));
        }
    }

    private ByteBuffer joined() {
        ByteBuffer only = head.size() == 1 ? head.poll() : null;
        if (only != null) {
            return only;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        head.forEach(all::put);
        return all.flip();
    }
}
