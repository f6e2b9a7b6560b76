// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.cloud.RestorableState;
import com.google.cloud.WriteChannel;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.gcs.GcsErrors.Kind;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.Retries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One put. A body of up to one chunk is one request behind the gate. A longer one is a resumable session: each full chunk is
 * sent when more bytes have come, so the last one, which makes the blob visible, is never empty and waits for the gate.
 *
 * <p>A session that is not finished is left alone: the client has no call that ends one, nothing of it is ever visible, and the
 * store drops it after a week. Its channel is never closed then, since closing is what finishes it.
 */
final class Upload {

    private static final int ATTEMPTS = 3;

    private final Bucket bucket;
    private final GcsThreads threads;
    private final Retries retries;
    private final int chunkSize;
    private final BlobId id;
    private final ObjectMetadata metadata;

    // One step at a time.
    private @Nullable ByteBuffer whole;
    private Chunk chunk;
    private long length;
    private @Nullable RestorableState<WriteChannel> session;
    private boolean exists;

    Upload(Bucket bucket, GcsThreads threads, Retries retries, int chunkSize, BlobId id, ObjectMetadata metadata) {
        this.bucket = bucket;
        this.threads = threads;
        this.retries = retries;
        this.chunkSize = chunkSize;
        this.id = id;
        this.metadata = metadata;
        this.chunk = new Chunk(0, chunkSize);
    }

    /** To be subscribed to once. */
    Mono<BlobInfo> of(Payload body, CommitGate gate) {
        retries.begin();
        ByteBuffer known = body.inMemory();
        if (known != null && known.hasArray() && known.remaining() <= chunkSize) {
            // Sent from where it is: should somebody change it meanwhile, its checksum differs and nothing is stored.
            whole = known;
            length = known.remaining();
            return gate.opened().then(Mono.defer(() -> commit(1, false)));
        }
        chunk = new Chunk(body.contentLength(), chunkSize);
        // One buffer is asked for when the one before has been dealt with (LT-1.4).
        Mono<Void> sent = body.checkedBody()
                .concatMap(this::take, 0)
                .then()
                .onErrorResume(AlreadyThere.class, there -> Mono.fromRunnable(() -> exists = true));
        return Mono.when(sent, gate.opened()).then(Mono.defer(() -> exists ? existing() : commit(1, false)));
    }

    /** The blob is there: ids are unique, so it is ours, of an earlier attempt (LT-2.5). */
    private static final class AlreadyThere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AlreadyThere(Throwable cause) {
            super(cause);
        }
    }

    private Mono<Void> take(ByteBuffer bytes) {
        length += bytes.remaining();
        return fill(bytes);
    }

    private Mono<Void> fill(ByteBuffer bytes) {
        chunk.fill(bytes);
        return bytes.hasRemaining() ? send().then(Mono.defer(() -> fill(bytes))) : Mono.empty();
    }

    /** Sends a full chunk that is not the last one. */
    private Mono<Void> send() {
        Mono<RestorableState<WriteChannel>> started = session != null ? Mono.just(session) : start();
        return started.flatMap(state -> repeated("sending a chunk of the blob " + id, () -> append(state)))
                .doOnNext(state -> {
                    session = state;
                    chunk.clear();
                })
                .then();
    }

    /** May leave a session that nobody knows of: harmless. */
    private Mono<RestorableState<WriteChannel>> start() {
        return repeated("starting to store the blob " + id, () -> bucket.startSession(id, metadata, chunkSize)
                .capture());
    }

    /** From where the state is, so it may be repeated: what the server has already, it ignores. */
    private RestorableState<WriteChannel> append(RestorableState<WriteChannel> state) throws IOException {
        WriteChannel channel = state.restore();
        ByteBuffer bytes = chunk.view();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return channel.capture();
    }

    private <T> Mono<T> repeated(String what, Callable<T> step) {
        return retries.of(threads.call(step)
                .onErrorMap(error -> GcsErrors.kindOf(error) == Kind.EXISTS
                        ? new AlreadyThere(error)
                        : GcsErrors.read(what, error)));
    }

    /**
     * The step that makes the blob visible. Repeated identically if it is not clear what became of it: the server then takes it
     * or says that the blob is there.
     */
    private Mono<BlobInfo> commit(int attempt, boolean ambiguous) {
        return commitOnce().onErrorResume(error -> {
            Kind kind = GcsErrors.kindOf(error);
            boolean unclear = ambiguous || kind.isAmbiguous();
            if (kind == Kind.EXISTS) {
                return existing();
            }
            if (kind.mayPass() && attempt < ATTEMPTS && retries.mayRepeat()) {
                return retries.pause(attempt).then(Mono.defer(() -> commit(attempt + 1, unclear)));
            }
            if (kind == Kind.ABSENT && ambiguous) {
                return lookFor(error);
            }
            return Mono.error(
                    unclear
                            ? GcsErrors.unknown("storing the blob " + id, error)
                            : GcsErrors.read("storing the blob " + id, error));
        });
    }

    private Mono<BlobInfo> commitOnce() {
        RestorableState<WriteChannel> state = session;
        BlobInfo info = new BlobInfo(id, length, metadata);
        return threads.call(
                () -> {
                    if (state == null) {
                        insert();
                    } else {
                        finish(state);
                    }
                    return info;
                },
                unused -> {},
                false);
    }

    private void insert() {
        ByteBuffer bytes = whole != null ? whole : chunk.view();
        bucket.insert(id, metadata, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private void finish(RestorableState<WriteChannel> state) throws IOException {
        WriteChannel channel = state.restore();
        reserve(channel, chunk.length());
        channel.write(chunk.view());
        channel.close();
    }

    /** Room for more than there is, or the client would send this chunk as if another one followed. */
    private static void reserve(WriteChannel channel, int bytes) {
        try {
            channel.setChunkSize((bytes / GcsOptions.CHUNK_UNIT + 1) * GcsOptions.CHUNK_UNIT);
        } catch (IllegalStateException full) {
            // The server took the chunk before in part, and the rest waits in the channel: one request more.
        }
    }

    /** The session is gone after an attempt that was not answered: finished by it, as a rule. */
    private Mono<BlobInfo> lookFor(Throwable error) {
        return threads.call(() -> bucket.describe(id))
                .onErrorMap(unclear -> GcsErrors.unknown("storing the blob " + id, error))
                .map(found -> Bucket.infoOf(id, found))
                .switchIfEmpty(Mono.error(() -> GcsErrors.unknown("storing the blob " + id, error)));
    }

    private Mono<BlobInfo> existing() {
        return threads.call(() -> bucket.describe(id))
                .onErrorMap(error -> GcsErrors.unknown("looking at the blob " + id + ", which is there", error))
                .map(found -> Bucket.infoOf(id, found))
                // Deleted again by somebody who knows of it.
                .defaultIfEmpty(new BlobInfo(id, length, metadata));
    }
}
