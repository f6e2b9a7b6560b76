// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static java.util.Objects.requireNonNull;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.OnDemand;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;

/** Blobs in parts of the caller's: uploads of S3, whose names are the sessions' tokens. */
final class S3Uploads implements MultipartUploads, UploadSessionListing {

    static final UploadLimits LIMITS = new UploadLimits(RemoteUpload.MOST_PARTS, S3Options.LEAST_PART_BYTES, 5L << 30);

    /** What S3 lists at a time. */
    private static final int MOST_LISTED = 1000;

    private final S3Store store;
    private final UploadMemory memory;
    private final long collectedBytes;

    /** @param collectedBytes of how many bytes a part may be that is collected before it is sent */
    S3Uploads(S3Store store, UploadMemory memory, long collectedBytes) {
        this.store = store;
        this.memory = memory;
        this.collectedBytes = collectedBytes;
    }

    @Override
    public UploadLimits limits() {
        return LIMITS;
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        requireNonNull(id, "id");
        requireNonNull(metadata, "metadata");
        return store.call(
                () -> RemoteUpload.create(store, id, UserMetadata.write(UserMetadata.encode(metadata), null), false)
                        .map(token -> new UploadSession(id, token)));
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        requireNonNull(session, "session");
        requireNonNull(body, "body");
        return store.call(() -> {
            LIMITS.requirePart(S3Errors.BACKEND, number, body.contentLength());
            return new SessionPart(store, session, number, body, checksum).upload(memory, collectedBytes);
        });
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        requireNonNull(session, "session");
        return store.call(() -> max < 1
                ? Mono.error(new IllegalArgumentException("A page has at least one part, not " + max + "."))
                : page(session, after, Math.min(max, MOST_LISTED)));
    }

    private Mono<PartPage> page(UploadSession session, int after, int max) {
        return request(session, after == 0 ? null : after, max)
                // Not every store knows where a page should begin; those begin with the first part.
                .onErrorResume(
                        error -> after > 0 && S3Errors.isNotImplemented(error),
                        refused -> request(session, null, MOST_LISTED))
                .map(answer -> pageOf(answer, after, max))
                .onErrorMap(error -> S3Errors.ofSession(session, false, "listing the parts of the " + session, error));
    }

    private Mono<ListPartsResponse> request(UploadSession session, @Nullable Integer after, int max) {
        return Mono.fromFuture(() -> store.client().listParts(request -> request.bucket(store.bucket())
                .key(store.keys().of(session.blob()))
                .uploadId(session.token())
                .partNumberMarker(after)
                .maxParts(max)));
    }

    /** Nor does every store look at where it should end. */
    private static PartPage pageOf(ListPartsResponse answer, int after, int max) {
        List<PartInfo> parts = answer.parts().stream()
                .filter(part -> part.partNumber() > after)
                .map(S3Uploads::partOf)
                .toList();
        boolean more = parts.size() > max || (Boolean.TRUE.equals(answer.isTruncated()) && !parts.isEmpty());
        return new PartPage(parts.size() > max ? parts.subList(0, max) : parts, more);
    }

    private static PartInfo partOf(Part part) {
        return new PartInfo(
                part.partNumber(),
                ETags.bare(part.eTag()),
                part.size(),
                ChronoUnit.MICROS.between(Instant.EPOCH, part.lastModified()));
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        requireNonNull(session, "session");
        List<UploadedPart> list = List.copyOf(parts);
        return store.call(() -> new SessionCompletion(store, session, list, this::page).run());
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        requireNonNull(session, "session");
        return store.call(() -> RemoteUpload.abort(store, session.blob(), session.token()));
    }

    /** With the uploads of puts: those that are old were abandoned likewise. */
    @Override
    public Flux<UploadSession> sessions(String prefix) {
        requireNonNull(prefix, "prefix");
        return store.stream(() -> OnDemand.read(() -> new SessionPages(store, prefix)));
    }
}
