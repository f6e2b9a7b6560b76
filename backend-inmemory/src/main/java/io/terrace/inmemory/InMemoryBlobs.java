// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.ByteRange;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Blobs in memory, the reference for what a blob store does. Any number of instances; each has its own blobs and loses
 * them when it is closed. A reader that has a blob open keeps it, whatever happens to the blob.
 */
public final class InMemoryBlobs implements LongTermBackend, BlobListing {

    private final Held<BlobTable> table;

    private InMemoryBlobs(long capacityBytes) {
        this.table = new Held<>(new BlobTable(capacityBytes));
    }

    /** An empty store for 256 MiB. */
    public static InMemoryBlobs create() {
        return create(InMemoryOptions.DEFAULT_CAPACITY_BYTES);
    }

    /** An empty store for that many bytes, uploads under way included. */
    public static InMemoryBlobs create(long capacityBytes) {
        return new InMemoryBlobs(capacityBytes);
    }

    @Override
    public String name() {
        return Held.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        requireNonNull(body, "body");
        requireNonNull(gate, "gate");
        return table.call(blobs -> {
            if (body.contentLength() > blobs.capacity().limit()) {
                return Mono.error(new TooLargeException(
                        Held.NAME,
                        "A blob of " + body.contentLength() + " bytes never fits into an in-memory store for "
                                + blobs.capacity().limit() + ". Raise its capacity.",
                        Determinacy.NOT_APPLIED));
            }
            // One buffer at a time, each accounted for before the next is asked for (LT-1.4).
            return Mono.using(
                    () -> new Upload(blobs.capacity()),
                    upload -> body.checkedBody()
                            .limitRate(1)
                            .doOnNext(upload::add)
                            .then(Mono.defer(gate::opened))
                            .then(Mono.fromSupplier(() -> upload.commitTo(blobs, id, metadata))),
                    Upload::release);
        });
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
        requireNonNull(id, "id");
        return table.call(blobs -> Mono.justOrEmpty(blobs.get(id))
                .map(blob -> new OpenBlob(
                        blob, range == null ? null : range.resolve(blob.info().size()))));
    }

    @Override
    public Mono<BlobInfo> head(BlobId id) {
        requireNonNull(id, "id");
        return table.call(blobs -> Mono.justOrEmpty(blobs.get(id)).map(StoredBlob::info));
    }

    @Override
    public Mono<Void> delete(BlobId id) {
        requireNonNull(id, "id");
        return table.call(blobs -> {
            blobs.remove(id);
            return Mono.empty();
        });
    }

    @Override
    public Flux<BlobId> list(String prefix) {
        requireNonNull(prefix, "prefix");
        return table.stream(blobs -> blobs.list(prefix));
    }

    @Override
    public Mono<Health> check() {
        return table.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return table.closeLater();
    }
}
