// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import io.terrace.BackendUnavailableException;
import io.terrace.Checksum;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.gcs.GcsErrors.Kind;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.OnDemand;
import io.terrace.spi.Retries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.apache.http.client.methods.HttpUriRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One generation of a blob, of which the first buffer has been read. Read on from the last byte when the connection breaks, and
 * compared with the checksum that the store has if it is read as a whole.
 */
final class OpenBlob implements BlobContent, OnDemand.Source<ByteBuffer> {

    private static final int BUFFER_BYTES = 256 << 10;

    /** As the engine: a blob that never gets on is given up soon, one that does is not read for ever. */
    private static final int RESUMES_WITHOUT_PROGRESS = 3;

    private static final int RESUMES = 100;

    private final GcsBlobs owner;
    private final GcsThreads threads;
    private final Retries retries;
    private final Bucket bucket;
    private final Blob object;
    private final BlobInfo info;
    private final @Nullable ContentRange range;
    private final long end;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** One for a step under way, one for the close: whoever makes it zero or finds the other gone closes the channel. */
    private final AtomicInteger users = new AtomicInteger();

    // One step at a time.
    private final CRC32C crc = new CRC32C();
    private @Nullable ReadChannel channel;
    private @Nullable HttpUriRequest request;
    private @Nullable ByteBuffer filling;
    private long position;
    private int resumes;
    private int fruitless;

    OpenBlob(
            GcsBlobs owner,
            GcsThreads threads,
            Retries retries,
            Bucket bucket,
            Blob object,
            BlobInfo info,
            @Nullable ContentRange range) {
        this.owner = owner;
        this.threads = threads;
        this.retries = retries;
        this.bucket = bucket;
        this.object = object;
        this.info = info;
        this.range = range;
        this.position = range == null ? 0 : range.first();
        this.end = range == null ? info.size() : range.last() + 1;
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
        return Flux.defer(() -> subscribed.compareAndSet(false, true)
                ? OnDemand.read(() -> this)
                : Flux.error(new IllegalStateException(
                        "The body of a blob can be subscribed to once, and not after it was discarded.")));
    }

    @Override
    public Mono<Void> discard() {
        return Mono.fromRunnable(() -> {
            if (subscribed.compareAndSet(false, true)) {
                close();
            }
        });
    }

    /** Reads the first buffer. Blocks; on an error nothing is open. */
    void open() throws IOException {
        if (position == end) {
            return;
        }
        try {
            fill();
        } catch (IOException | RuntimeException e) {
            closeChannel();
            throw e;
        }
    }

    @Override
    public boolean isOver() {
        return position == end && filling == null;
    }

    @Override
    public Mono<List<ByteBuffer>> next(long wanted) {
        ByteBuffer first = filling;
        // What was read when the blob was opened waits for nothing, and so for no thread.
        Mono<List<ByteBuffer>> step = first != null && !first.hasRemaining() && !closed.get()
                ? Mono.fromCallable(this::step)
                : threads.call(this::step);
        return step.onErrorResume(this::resume);
    }

    private List<ByteBuffer> step() throws IOException {
        users.incrementAndGet();
        try {
            ByteBuffer full = fill();
            filling = null;
            full.flip();
            if (range == null) {
                digest(full);
            }
            return List.of(full);
        } finally {
            if (users.decrementAndGet() != 0) {
                closeChannel();
            }
        }
    }

    /** What has come is kept when the connection breaks. */
    private ByteBuffer fill() throws IOException {
        ByteBuffer buffer = filling;
        if (buffer == null) {
            buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - position));
            filling = buffer;
        }
        while (buffer.hasRemaining()) {
            if (closed.get()) {
                throw new IOException("the body was given up");
            }
            ReadChannel current = channel;
            if (current == null) {
                current = bucket.reader(object, position, end);
                channel = current;
            }
            int read = current.read(buffer);
            if (request == null) {
                request = Connections.lastRequest();
            }
            if (read < 0) {
                throw new IOException("the body ends at byte " + position + " of " + end);
            }
            position += read;
            if (read > 0) {
                fruitless = 0;
            }
        }
        if (position == end) {
            closeChannel();
        }
        return buffer;
    }

    private void digest(ByteBuffer bytes) {
        crc.update(bytes.duplicate());
        String stored = object.getCrc32c();
        if (position == end && stored != null) {
            String actual = Checksum.crc32c(crc.getValue()).base64();
            if (!actual.equals(stored)) {
                throw GcsErrors.damaged(
                        "The blob " + info.id(),
                        "its bytes have the CRC32C " + actual + ", and the store says " + stored);
            }
        }
    }

    private Mono<List<ByteBuffer>> resume(Throwable broken) {
        Kind kind = GcsErrors.kindOf(broken);
        if (kind == Kind.ABSENT) {
            return Mono.error(new BackendUnavailableException(
                    GcsErrors.BACKEND,
                    "The blob " + info.id() + " was deleted while it was being read. Read the object again.",
                    Determinacy.NOT_APPLIED,
                    broken));
        }
        boolean advanced = fruitless++ == 0;
        if (!kind.mayPass()
                || ++resumes > RESUMES
                || fruitless > RESUMES_WITHOUT_PROGRESS
                || !(advanced || retries.mayRepeat())) {
            return Mono.error(GcsErrors.read("reading the blob " + info.id(), broken));
        }
        return retries.pause(fruitless)
                .then(threads.call(() -> {
                    closeChannel();
                    return true;
                }))
                .then(Mono.defer(() -> next(1)));
    }

    /** By the receiver, or by the end of the store. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            owner.forget(this);
            // A body that was read to its end has no channel any more.
            if (users.getAndIncrement() == 0 && channel != null) {
                threads.release(this::closeChannel);
            }
        }
    }

    /** Where nobody else works on it. */
    private void closeChannel() {
        HttpUriRequest pending = request;
        request = null;
        if (pending != null && position < end) {
            // Closing alone would read all the rest of the body first.
            pending.abort();
        }
        ReadChannel current = channel;
        channel = null;
        if (current != null) {
            current.close();
        }
    }
}
