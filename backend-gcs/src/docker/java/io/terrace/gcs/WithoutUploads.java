// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.ByteRange;
import io.terrace.Health;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Capability;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSessionListing;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Blobs at a server that does not speak the XML API, which uploads in parts need. */
record WithoutUploads(LongTermBackend blobs) implements LongTermBackend {

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return type == MultipartUploads.class || type == UploadSessionListing.class
                ? Optional.empty()
                : blobs.facet(type);
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
    public Mono<BlobInfo> put(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        return blobs.put(id, metadata, body, gate);
    }

    @Override
    public Mono<BlobContent> get(BlobId id, @Nullable ByteRange range) {
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
    public Mono<Health> check() {
        return blobs.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return blobs.closeLater();
    }
}
