// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.ContentRange;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A blob whose answer has begun: a connection is held until its body has been read, cancelled or discarded. */
final class OpenBlob implements BlobContent {

    private final BlobInfo info;
    private final @Nullable ContentRange range;
    private final ResponseStream.Opened answer;
    private final BlobBody body;
    private final S3Store store;
    private final AtomicBoolean taken = new AtomicBoolean();

    OpenBlob(S3Store store, BlobInfo info, @Nullable ContentRange range, ResponseStream.Opened answer) {
        this.store = store;
        this.info = info;
        this.range = range;
        this.answer = answer;
        this.body = new BlobBody(store, info, range, answer.head());
    }

    @Override
    public BlobInfo info() {
        return info;
    }

    @Override
    public @Nullable ContentRange range() {
        return range;
    }

    @Override
    public Flux<ByteBuffer> body() {
        return Flux.defer(() -> {
            if (!taken.compareAndSet(false, true)) {
                return Flux.error(new IllegalStateException(
                        "The body of a blob can be subscribed to once, and not after it was discarded."));
            }
            return store.stream(() -> body.from(answer.body()));
        });
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(() -> {
            // A body that is being read closes its connection itself, at its end or when it is cancelled.
            if (taken.compareAndSet(false, true)) {
                answer.close();
            }
        });
    }
}
