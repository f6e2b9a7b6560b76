// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.PartDigest;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blobs in parts, the reference for what that facet does. Parts take room from the blobs' capacity. */
final class InMemoryUploads implements MultipartUploads, UploadSessionListing {

    private static final int MAX_PART_NUMBER = 10_000;

    private final Held<BlobTable> table;
    private final TerraceRuntime runtime;
    private final UploadLimits limits;

    InMemoryUploads(Held<BlobTable> table, TerraceRuntime runtime, long minPartBytes, long capacityBytes) {
        this.table = table;
        this.runtime = runtime;
        this.limits = new UploadLimits(MAX_PART_NUMBER, minPartBytes, Math.max(1, capacityBytes));
    }

    @Override
    public UploadLimits limits() {
        return limits;
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        return table.call(blobs -> Mono.just(blobs.sessions().start(id, metadata)));
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        requireNonNull(session, "session");
        requireNonNull(body, "body");
        return table.call(blobs -> {
            limits.requirePart(Held.NAME, number, body.contentLength());
            Session into = blobs.sessions().require(session);
            PartDigest digest = new PartDigest();
            // One buffer at a time, each accounted for before the next is asked for (MU-1.4).
            return Mono.using(
                    () -> new Upload(blobs.capacity()),
                    upload -> body.checkedBody()
                            .limitRate(1)
                            .doOnNext(bytes -> {
                                digest.update(bytes);
                                upload.add(bytes);
                            })
                            .then(Mono.fromSupplier(() -> upload.storeIn(
                                    into,
                                    new UploadedPart(number, digest.finish(number, checksum)),
                                    runtime.nowMicros()))),
                    Upload::release);
        });
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        requireNonNull(session, "session");
        return table.call(blobs -> {
            if (max < 1) {
                return Mono.error(new IllegalArgumentException("A page has at least one part, not " + max + "."));
            }
            return Mono.just(blobs.sessions().require(session).list(after, max));
        });
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        requireNonNull(session, "session");
        List<UploadedPart> list = List.copyOf(parts);
        return table.call(blobs -> {
            BlobInfo info = blobs.sessions().require(session).completeInto(blobs, list, limits);
            blobs.sessions().end(session);
            return Mono.just(info);
        });
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        requireNonNull(session, "session");
        return table.call(blobs -> {
            blobs.sessions().end(session);
            return Mono.empty();
        });
    }

    @Override
    public Flux<UploadSession> sessions(String prefix) {
        requireNonNull(prefix, "prefix");
        return table.stream(blobs -> blobs.sessions().list(prefix));
    }
}
