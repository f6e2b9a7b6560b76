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
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.TerraceRuntime;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Blobs in memory, the reference for what a blob store does. Any number of instances; each has its own blobs and loses
 * them when it is closed. A reader that has a blob open keeps it, whatever happens to the blob.
 */
public final class InMemoryBlobs implements LongTermBackend, MultiBlobDeletes, BlobListing {

    private static final int MAX_BLOBS = 1000;

    private final Held<BlobTable> table;
    private final InMemoryUploads uploads;

    private InMemoryBlobs(Builder from) {
        this.table = new Held<>(new BlobTable(from.capacityBytes));
        this.uploads = new InMemoryUploads(table, from.runtime, from.minPartBytes, from.capacityBytes);
    }

    /** An empty store for 256 MiB. */
    public static InMemoryBlobs create() {
        return builder(TerraceRuntime.system()).build();
    }

    /** An empty store for that many bytes, uploads under way included. */
    public static InMemoryBlobs create(long capacityBytes) {
        return builder(TerraceRuntime.system()).capacityBytes(capacityBytes).build();
    }

    /** @param runtime whose clock says when a part was uploaded */
    public static Builder builder(TerraceRuntime runtime) {
        return new Builder(runtime);
    }

    @Override
    public String name() {
        return Held.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    /** Has {@link io.terrace.spi.MultipartUploads} and the listing of its sessions too. */
    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return LongTermBackend.super
                .facet(type)
                .or(() -> type.isInstance(uploads) ? Optional.of(type.cast(uploads)) : Optional.empty());
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
    public int maxBlobs() {
        return MAX_BLOBS;
    }

    @Override
    public Mono<Map<BlobId, Throwable>> deleteAll(Collection<BlobId> ids) {
        requireNonNull(ids, "ids");
        return table.call(blobs -> {
            if (ids.size() > MAX_BLOBS) {
                return Mono.error(new IllegalArgumentException(
                        "There are " + ids.size() + " ids, but one call takes at most " + MAX_BLOBS + "."));
            }
            ids.forEach(blobs::remove);
            return Mono.just(Map.of());
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

    /** Collects the settings; not thread-safe. */
    public static final class Builder {
        private final TerraceRuntime runtime;
        private long capacityBytes = InMemoryOptions.DEFAULT_CAPACITY_BYTES;
        private long minPartBytes;

        private Builder(TerraceRuntime runtime) {
            this.runtime = requireNonNull(runtime, "runtime");
        }

        /** How many bytes of blobs fit, uploads and parts under way included; 256 MiB by default. */
        public Builder capacityBytes(long bytes) {
            this.capacityBytes = bytes;
            return this;
        }

        /**
         * The smallest part of an upload, the last one excepted; 0 by default, so that there is none. For those who want to
         * see what a store does that has one, as most object stores have.
         */
        public Builder minPartBytes(long bytes) {
            this.minPartBytes = bytes;
            return this;
        }

        public InMemoryBlobs build() {
            return new InMemoryBlobs(this);
        }
    }
}
