// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The bytes of an object on their way in: a cold publisher that is subscribed to at most once per attempt, with what is
 * known about its length and whether it can be subscribed to again.
 *
 * <p>An emitted {@link ByteBuffer} belongs to Terrace: the publisher must not touch it again.
 */
public final class Payload {

    /** The length when it is not known in advance. */
    public static final long UNKNOWN = -1;

    private final Flux<ByteBuffer> body;
    private final long contentLength;
    private final boolean replayable;
    private final @Nullable ByteBuffer inMemory;

    private Payload(Flux<ByteBuffer> body, long contentLength, boolean replayable, @Nullable ByteBuffer inMemory) {
        this.body = body;
        this.contentLength = contentLength;
        this.replayable = replayable;
        this.inMemory = inMemory;
    }

    /** Bytes that are in memory. They are not copied: do not change them before the put has been answered. */
    public static Payload of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /** The bytes from position to limit of a buffer. They are not copied; the buffer's own position is not moved. */
    public static Payload of(ByteBuffer bytes) {
        ByteBuffer view = bytes.slice();
        return new Payload(
                view.hasRemaining() ? Flux.defer(() -> Flux.just(view.duplicate())) : Flux.empty(),
                view.remaining(),
                true,
                view);
    }

    /** The text in UTF-8. */
    public static Payload ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A stream of unknown length that can be read once. */
    public static Payload from(Publisher<ByteBuffer> body) {
        Objects.requireNonNull(body, "body");
        return new Payload(Flux.from(body), UNKNOWN, false, null);
    }

    /**
     * The same bytes, announced to be this many. A body of any other length fails the put with
     * {@link ClientPayloadException} and nothing is stored.
     */
    public Payload contentLength(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "A content length must not be negative, but is " + bytes + ". Leave it out if it is not known.");
        }
        return new Payload(body, bytes, replayable, inMemory);
    }

    /** The same bytes, from a publisher that yields them anew for each subscription. */
    public Payload replayable() {
        return new Payload(body, contentLength, true, inMemory);
    }

    public Flux<ByteBuffer> body() {
        return body;
    }

    /**
     * The body as a backend should read it: an error of the publisher, and any length but the announced one, becomes a
     * {@link ClientPayloadException}, and empty buffers are left out. A body that is longer than announced fails before the
     * surplus is emitted.
     */
    public Flux<ByteBuffer> checkedBody() {
        return Flux.defer(() -> new LengthCheck(contentLength).applyTo(body));
    }

    /** How many bytes there are, or {@link #UNKNOWN}. */
    public long contentLength() {
        return contentLength;
    }

    /** A view of all the bytes if they are in memory already and as many as announced; otherwise {@code null}. */
    public @Nullable ByteBuffer inMemory() {
        return inMemory == null || inMemory.remaining() != contentLength ? null : inMemory.duplicate();
    }

    public boolean isReplayable() {
        return replayable;
    }
}
