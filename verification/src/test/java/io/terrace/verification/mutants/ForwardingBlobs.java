// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ByteRange;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The reference's blobs, to be made wrong in one method. */
class ForwardingBlobs implements LongTermBackend, MultiBlobDeletes, BlobListing {

    private final InMemoryBlobs blobs;

    ForwardingBlobs() {
        this(Mutants.rightBlobs());
    }

    ForwardingBlobs(InMemoryBlobs blobs) {
        this.blobs = blobs;
    }

    /** The reference itself, for what a mutant does behind the kit's back. */
    InMemoryBlobs blobs() {
        return blobs;
    }

    /** All bytes of a body at once. */
    static Mono<ByteBuffer> joined(Flux<ByteBuffer> body) {
        return body.collectList().map(pieces -> {
            ByteBuffer whole = ByteBuffer.allocate(
                    pieces.stream().mapToInt(ByteBuffer::remaining).sum());
            pieces.forEach(piece -> whole.put(piece.duplicate()));
            return whole.flip();
        });
    }

    @Override
    public String name() {
        return blobs.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return blobs.capabilities();
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return LongTermBackend.super.facet(type).or(() -> blobs.facet(type));
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        return blobs.put(id, metadata, body, gate);
    }

    @Override
    public Mono<BlobContent> get(BlobId id, ByteRange range) {
        return blobs.get(id, range);
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        return blobs.head(id);
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        return blobs.delete(id);
    }

    @Override
    public int maxBlobs() {
        return blobs.maxBlobs();
    }

    @Override
    public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
        return blobs.deleteAll(ids);
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        return blobs.list(prefix);
    }

    @Override
    public Mono<Health> check() {
        return blobs.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return blobs.closeLater();
    }
}
