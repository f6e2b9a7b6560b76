// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.ByteRange;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.PermissionDeniedException;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blobs on a server: right, but for its flaw. */
final class RemoteBlobs implements LongTermBackend, BlobListing {

    private static final byte[] REQUEST = new byte[100];
    private static final int BYTES_PER_BLOB = 100;
    private static final int PAGE = 25;
    private static final int PIECE_BYTES = 64 << 10;

    private final InMemoryBlobs blobs;
    private final RemoteCalls calls;
    private final RemoteUploads uploads;
    private final LargePut largePut;
    private final Flaw flaw;

    /** @param blobs what the server has */
    RemoteBlobs(InMemoryBlobs blobs, RemoteCalls calls) {
        this.blobs = blobs;
        this.calls = calls;
        this.flaw = calls.flaw();
        this.uploads = new RemoteUploads(blobs, calls);
        this.largePut = new LargePut(uploads, calls);
    }

    @Override
    public String name() {
        return RemoteCalls.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return LongTermBackend.super
                .facet(type)
                .or(() -> type.isInstance(uploads) ? Optional.of(type.cast(uploads)) : Optional.empty());
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        ByteBuffer bytes = body.inMemory();
        if (bytes == null) {
            return largePut.of(id, metadata, body, gate);
        }
        Mono<BlobInfo> put = calls.once(
                        true, bytesOf(bytes), received -> blobs.put(id, metadata, Payload.of(received), CommitGate.OPEN)
                                .map(Answer::of))
                .map(reply -> reply.value(BlobInfo.class));
        if (flaw == Flaw.NO_BUDGET) {
            put = calls.repeated(put);
        } else if (flaw == Flaw.LOST_BLOB_IS_NO_BLOB) {
            put = put.onErrorMap(error -> RemoteCalls.unavailable("Lost", error));
        }
        return Mono.defer(gate::opened).then(put);
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        return calls.once(false, REQUEST, bytes -> blobs.get(id, range).flatMap(content -> content.body()
                        .concatMapIterable(RemoteBlobs::pieces)
                        .collectList()
                        .map(pieces -> Answer.withBody(content, pieces))))
                .filter(reply -> reply.connection() != null)
                .map(reply -> new RemoteContent(reply.value(BlobContent.class), reply, calls));
    }

    private static List<byte[]> pieces(ByteBuffer whole) {
        return Flux.range(0, (whole.remaining() + PIECE_BYTES - 1) / PIECE_BYTES)
                .map(i -> bytesOf(whole.slice(
                        whole.position() + i * PIECE_BYTES,
                        Math.min(PIECE_BYTES, whole.remaining() - i * PIECE_BYTES))))
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        Mono<Reply> head = calls.once(false, REQUEST, bytes -> blobs.head(id).map(Answer::of));
        return (flaw == Flaw.NO_BUDGET ? calls.repeated(head) : head)
                .filter(reply -> reply.value() != null)
                .map(reply -> reply.value(BlobInfo.class));
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        Mono<Void> found = flaw == Flaw.DELETE_OF_NOTHING_FAILS
                ? blobs.head(id)
                        .switchIfEmpty(Mono.error(() -> RemoteCalls.unavailable("There is no such blob", null)))
                        .then()
                : Mono.empty();
        return calls.once(true, REQUEST, bytes -> found.then(blobs.delete(id)).then(Mono.empty()))
                .then()
                .onErrorMap(
                        error -> flaw == Flaw.LOST_DELETE_IS_FINAL,
                        error -> new PermissionDeniedException(
                                RemoteCalls.NAME, "Something is wrong", Determinacy.NOT_APPLIED));
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        return list(prefix, 0);
    }

    private Flux<BlobId> list(String prefix, int after) {
        return page(prefix, after).flatMapMany(page -> Flux.fromIterable(page)
                .concatWith(page.size() < PAGE ? Flux.empty() : Flux.defer(() -> list(prefix, after + PAGE))));
    }

    @SuppressWarnings("unchecked") // it is what the server has made
    private Mono<List<BlobId>> page(String prefix, int after) {
        return calls.once(false, REQUEST, bytes -> blobs.list(prefix)
                        .skip(after)
                        .take(PAGE)
                        .collectList()
                        .map(page -> Answer.of(page, new byte[1 + page.size() * BYTES_PER_BLOB])))
                .map(reply -> (List<BlobId>) reply.value(List.class))
                .onErrorResume(
                        error -> flaw == Flaw.LISTING_THAT_BREAKS_ENDS && error.getCause() instanceof CutException,
                        error -> Mono.empty());
    }

    @Override
    public Mono<Health> check() {
        return calls.once(false, REQUEST, bytes -> blobs.check().map(Answer::of))
                .map(reply -> reply.value(Health.class));
    }

    @Override
    public Mono<Void> closeLater() {
        return calls.closeLater();
    }
}
