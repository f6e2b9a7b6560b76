// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.Payload;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Of a body that arrives: a buffer is asked for when there is room for it in the part that is being filled. A part is full
 * when a further buffer has come, so that the last one is known as such and none is empty. (LT-1.4)
 */
final class PartsOfStream implements Parts, CoreSubscriber<ByteBuffer> {

    private final Payload payload;
    private final long partBytes;
    private final boolean withMd5;
    private final UploadMemory.Share memory;
    private final Context context;

    // Guarded by this.
    private final CRC32C crc = new CRC32C();
    private @Nullable Subscription source;
    private @Nullable MonoSink<Part> receiver;
    private @Nullable Part filling;
    private @Nullable ByteBuffer left;
    private @Nullable Throwable failure;
    private long toCome;
    private int issued;
    private boolean subscribed;
    private boolean completed;
    private boolean over;
    private boolean closed;

    PartsOfStream(Payload payload, long partBytes, boolean withMd5, UploadMemory.Share memory, ContextView context) {
        this.payload = payload;
        this.partBytes = partBytes;
        this.withMd5 = withMd5;
        this.memory = memory;
        this.context = Context.of(context);
        this.toCome = payload.contentLength();
    }

    @Override
    public Mono<Part> next() {
        return Mono.defer(() -> {
            long capacity = nextCapacity();
            return memory.take(capacity).then(Mono.create(sink -> fill(sink, capacity)));
        });
    }

    /** A part of a body whose end is known takes no more than is left of it. */
    private synchronized long nextCapacity() {
        return toCome == Payload.UNKNOWN ? partBytes : Math.min(partBytes, toCome);
    }

    private void fill(MonoSink<Part> sink, long capacity) {
        boolean first;
        synchronized (this) {
            receiver = sink;
            filling = new Part(++issued, capacity, withMd5);
            first = !subscribed;
            subscribed = true;
        }
        if (first) {
            payload.checkedBody().subscribe(this);
        } else {
            advance();
        }
    }

    private void advance() {
        MonoSink<Part> told = null;
        Throwable error = null;
        Part full = null;
        Subscription asked = null;
        synchronized (this) {
            Part part = filling;
            if (closed || part == null || receiver == null) {
                return;
            }
            if (left != null) {
                part.copy(left);
                left = left.hasRemaining() ? left : null;
            }
            if (failure != null) {
                error = failure;
                told = receiver;
            } else if (left != null || completed) {
                told = receiver;
                full = issued(part);
            } else {
                asked = source;
            }
            if (told != null) {
                receiver = null;
                filling = null;
            }
        }
        if (asked != null) {
            asked.request(1);
        } else if (told != null && error != null) {
            told.error(error);
        } else if (told != null) {
            told.success(full);
        }
    }

    private Part issued(Part part) {
        part.updateInto(crc::update);
        if (toCome != Payload.UNKNOWN) {
            toCome -= part.size();
        }
        if (left == null) {
            over = true;
            part.endBody();
        }
        return part;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        boolean unwanted;
        synchronized (this) {
            unwanted = closed;
            source = subscription;
        }
        if (unwanted) {
            subscription.cancel();
        } else {
            advance();
        }
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        synchronized (this) {
            left = bytes;
        }
        advance();
    }

    @Override
    public void onError(Throwable error) {
        synchronized (this) {
            failure = error;
        }
        advance();
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            completed = true;
        }
        advance();
    }

    @Override
    public void release(Part part) {
        memory.giveBack(part.capacity());
    }

    @Override
    public synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized int crc32c() {
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        Subscription cancelled;
        synchronized (this) {
            closed = true;
            cancelled = over ? null : source;
            filling = null;
            receiver = null;
            left = null;
        }
        if (cancelled != null) {
            cancelled.cancel();
        }
        memory.close();
    }
}
