// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An open object. Either subscribe to {@link #body()} or call {@link #discard()}; what is neither read nor discarded is
 * discarded after a deadline, and reading it then fails. {@link ObjectStore#withObject} does this for you.
 */
public interface StoredObject {

    ObjectInfo info();

    /** The bytes that {@link #body()} emits; {@code null} if that is the whole object. */
    @Nullable
    ContentRange range();

    /** How many bytes {@link #body()} emits. */
    default long contentLength() {
        ContentRange range = range();
        return range == null ? info().size() : range.length();
    }

    /**
     * The bytes, in order. Subscribed to at most once; a second subscription is refused with
     * {@link IllegalStateException}. An emitted buffer belongs to the receiver. A read that breaks is resumed at the last
     * byte, a bounded number of times. Cancelling releases everything.
     */
    Flux<ByteBuffer> body();

    /** Releases what is held if the body was not subscribed to. Idempotent, never fails. */
    Mono<Void> discard();

    /** Where the bytes lie, if they lie in a file: the only path without a copy. Then {@link #discard()} must follow. */
    default Optional<FileRegion> file() {
        return Optional.empty();
    }
}
