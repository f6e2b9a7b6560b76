// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.Payload;
import io.terrace.localfs.DurableFiles.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A body on its way into a temporary file: each buffer is written before the next is asked for (LT-1.4, MU-1.4). All steps
 * run one after another, so the fields need no lock.
 *
 * @param <T> what it is answered with
 */
abstract class Incoming<T> extends FileWork<T> implements CoreSubscriber<ByteBuffer> {

    private @Nullable Subscription source;

    Incoming(LocalFsBlobs blobs, IoThreads io, String what, MonoSink<T> sink) {
        super(blobs, io, what, sink);
    }

    /** What stands before the body; it is written again at the end, when what is known of the body is. */
    abstract ByteBuffer head();

    /** Sees a buffer before it is written; its position must stay. */
    abstract void took(ByteBuffer bytes);

    /** All of the body has come; what this throws refuses it. */
    void whole() {}

    /** The body is on the disk, and so is {@link #head}, which knows it. */
    abstract void arrived(Temporary file) throws IOException;

    final void start(Payload body) {
        step(() -> {
            file().write(head());
            body.checkedBody().subscribe(this);
        });
    }

    @Override
    public Context currentContext() {
        return Context.of(sinkContext());
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        if (hasEnded()) {
            subscription.cancel();
            return;
        }
        execute(() -> {
            if (hasEnded() || !Operators.validate(source, subscription)) {
                subscription.cancel();
                return;
            }
            source = subscription;
            subscription.request(1);
        });
    }

    @Override
    public final void onNext(ByteBuffer bytes) {
        step(() -> {
            took(bytes);
            file().write(bytes);
            if (source != null) {
                source.request(1);
            }
        });
    }

    @Override
    public final void onError(Throwable error) {
        fail(error);
    }

    @Override
    public final void onComplete() {
        step(() -> {
            source = null;
            whole();
            file().overwrite(head(), 0);
            file().finish();
            arrived(file());
        });
    }

    @Override
    void letGo() {
        if (source != null) {
            source.cancel();
        }
    }
}
