// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.ContentRange;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A blob that is being read. It holds nothing but memory. */
final class OpenBlob implements BlobContent {

    private final StoredBlob blob;
    private final @Nullable ContentRange range;
    private final AtomicBoolean used = new AtomicBoolean();

    OpenBlob(StoredBlob blob, @Nullable ContentRange range) {
        this.blob = blob;
        this.range = range;
    }

    @Override
    public BlobInfo info() {
        return blob.info();
    }

    @Override
    public @Nullable ContentRange range() {
        return range;
    }

    @Override
    public Flux<ByteBuffer> body() {
        return Flux.defer(() -> {
            if (used.getAndSet(true)) {
                return Flux.error(
                        new IllegalStateException("The body of " + blob.info().id()
                                + " has been read or discarded already. Get the blob again to read it again."));
            }
            return range == null ? blob.read(0, blob.info().size()) : blob.read(range.first(), range.length());
        });
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(() -> used.set(true));
    }
}
