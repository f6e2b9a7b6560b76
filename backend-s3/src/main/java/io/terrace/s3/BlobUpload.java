// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** One put: a body of one part is one request, made when the gate has opened; of a longer one only the last request waits. */
final class BlobUpload {

    private final S3Store store;
    private final BlobId id;
    private final String key;
    private final @Nullable String encoded;
    private final @Nullable ObjectMetadata kept;
    private final Parts parts;
    private final int partsAtATime;

    /** @param key of the blob's object */
    BlobUpload(S3Store store, BlobId id, String key, ObjectMetadata metadata, Parts parts, int partsAtATime) {
        this.store = store;
        this.id = id;
        this.key = key;
        this.encoded = UserMetadata.encode(metadata);
        // What would be read again.
        this.kept = encoded == null ? null : metadata;
        this.parts = parts;
        this.partsAtATime = partsAtATime;
    }

    /** To be subscribed to once. */
    Mono<BlobInfo> run(Mono<Void> opened) {
        return parts.next().flatMap(first -> first.isLast() ? inOne(first, opened) : inParts(first, opened));
    }

    private Mono<BlobInfo> inOne(Part part, Mono<Void> opened) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(store.bucket())
                .key(key)
                .contentLength(part.size())
                .contentMD5(part.contentMd5())
                .metadata(UserMetadata.write(encoded, part.crc32c()))
                .ifNoneMatch("*")
                .overrideConfiguration(store::patiently);
        if (store.checksums()) {
            request.checksumCRC32C(StoredChecksum.encode(part.crc32c()));
        }
        PutObjectRequest finished = request.build();
        Commit commit = new Commit(what(), () -> store.client().putObject(finished, part.body()), store.retries());
        return opened.then(Mono.defer(commit::settle)).flatMap(end -> answer(end, part.size()));
    }

    private Mono<BlobInfo> inParts(Part first, Mono<Void> opened) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> RemoteUpload.begin(store, id, UserMetadata.write(encoded, null))),
                upload -> send(upload, first)
                        .then(opened)
                        .then(Mono.defer(() -> upload.complete(what(), parts.crc32c())))
                        .flatMap(end -> (end == Commit.End.FOUND ? upload.abort() : Mono.<Void>empty())
                                .then(Mono.defer(() -> answer(end, upload.size())))),
                upload -> Mono.empty(),
                (upload, error) -> upload.abort(),
                RemoteUpload::abort);
    }

    /** As many parts at a time as may be held; the next one is asked for when one of them has been sent. */
    private Mono<Void> send(RemoteUpload upload, Part first) {
        Flux<Part> others = OnFirstRequest.of(Mono.defer(parts::next)).repeat(() -> !parts.isOver());
        return upload.created()
                .thenMany(Flux.concat(Mono.just(first), others)
                        .flatMap(part -> upload.send(part).doFinally(end -> parts.release(part)), partsAtATime, 1))
                .then();
    }

    private Mono<BlobInfo> answer(Commit.End end, long size) {
        BlobInfo written = new BlobInfo(id, size, kept);
        return switch (end) {
            case WRITTEN -> Mono.just(written);
            case FOUND -> store.retries().of(store.head(id)).defaultIfEmpty(written);
            case UPLOAD_GONE ->
                store.retries()
                        .of(store.head(id))
                        .switchIfEmpty(Mono.error(() -> new BackendUnavailableException(
                                S3Errors.BACKEND,
                                "The upload ended before it was completed, so nothing was stored: " + what()
                                        + ". Does the bucket end uploads too early?",
                                Determinacy.NOT_APPLIED)));
            case UPLOAD_GONE_LATER ->
                store.retries()
                        .of(store.head(id))
                        .switchIfEmpty(Mono.error(() -> new OutcomeUnknownException(
                                S3Errors.BACKEND, "It may have been stored and deleted since: " + what())));
        };
    }

    private String what() {
        return "storing the blob " + id;
    }
}
