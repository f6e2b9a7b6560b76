// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.FileRegion;
import io.terrace.TerraceException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A blob whose file is open. It stays readable when the blob is deleted. */
final class OpenBlob implements BlobContent {

    private final LocalFsBlobs blobs;
    private final IoThreads io;
    private final FileChannel channel;
    private final BlobFrame frame;
    private final @Nullable ContentRange range;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable BlobReader reader;
    private volatile boolean aborted;

    OpenBlob(LocalFsBlobs blobs, IoThreads io, FileChannel channel, BlobFrame frame, @Nullable ContentRange range) {
        this.blobs = blobs;
        this.io = io;
        this.channel = channel;
        this.frame = frame;
        this.range = range;
    }

    @Override
    public BlobInfo info() {
        return frame.info();
    }

    @Override
    public @Nullable ContentRange range() {
        return range;
    }

    @Override
    public Flux<ByteBuffer> body() {
        Publisher<ByteBuffer> body = this::subscribe;
        return Flux.from(body);
    }

    private void subscribe(Subscriber<? super ByteBuffer> receiver) {
        if (!subscribed.compareAndSet(false, true)) {
            Operators.error(
                    receiver,
                    new IllegalStateException(
                            "The body of a blob can be subscribed to once, and not after it was discarded."));
            return;
        }
        try {
            // Keeps the threads for as long as the reader is not registered.
            io.hold();
        } catch (TerraceException closedStore) {
            Operators.error(receiver, closedStore);
            return;
        }
        BlobReader starting = new BlobReader(this, new Serial(io), receiver);
        receiver.onSubscribe(starting);
        starting.begin();
        reader = starting;
        if (aborted) {
            starting.abort(storeIsClosed());
        }
        io.release();
    }

    /** The store is closed. */
    void abort() {
        aborted = true;
        BlobReader current = reader;
        if (current == null) {
            io.execute(this::close);
        } else {
            current.abort(storeIsClosed());
        }
    }

    private TerraceException storeIsClosed() {
        return new BackendUnavailableException(
                LocalFsErrors.BACKEND,
                "The store was closed while the blob " + info().id() + " was being read.",
                Determinacy.NOT_APPLIED);
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(() -> {
            // A body that is being read closes the file itself, at its end or when it is cancelled.
            if (subscribed.compareAndSet(false, true)) {
                closeSoon();
            }
        });
    }

    @Override
    public Optional<FileRegion> file() {
        return Optional.of(new FileRegion(channel, position(), length()));
    }

    long position() {
        return frame.bodyAt() + (range == null ? 0 : range.first());
    }

    long length() {
        return range == null ? frame.info().size() : range.length();
    }

    BlobFrame frame() {
        return frame;
    }

    FileChannel channel() {
        return channel;
    }

    void closeSoon() {
        if (!closed.get()) {
            io.execute(this::close);
        }
    }

    /** On one of our threads. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                channel.close();
            } catch (IOException unimportant) {
                // Closing a file that was only read loses nothing.
            } finally {
                blobs.forget(this);
            }
        }
    }
}
