// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ContentRange;
import io.terrace.FileRegion;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An open blob. The receiver either subscribes to {@link #body()} or calls {@link #discard()}; until then the backend may
 * hold a connection or a file.
 */
public interface BlobContent {

    BlobInfo info();

    /** The bytes that {@link #body()} emits; {@code null} if that is the whole of the blob. */
    @Nullable
    ContentRange range();

    /**
     * The bytes, in order. Subscribed to at most once; a second subscription is refused with
     * {@link IllegalStateException}. An emitted buffer belongs to the receiver. Not more than two buffers, of at most 1 MiB
     * each, are read ahead of demand. Cancelling releases everything.
     */
    Flux<ByteBuffer> body();

    /** Releases what is held if the body was not subscribed to. Idempotent, never fails. */
    Mono<Void> discard();

    /** Where the bytes lie, if they lie in a file: the only path without a copy. Then {@link #discard()} must follow. */
    default Optional<FileRegion> file() {
        return Optional.empty();
    }
}
