// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.Determinacy;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * An upload in parts at the store. It is begun by a request that nobody cancels, because only its answer says what there
 * is to abort.
 */
final class RemoteUpload {

    static final int MOST_PARTS = 10_000;

    private final S3Store store;
    private final BlobId id;
    private final String key;
    private final CompletableFuture<String> created;
    private final Queue<CompletedPart> sent = new ConcurrentLinkedQueue<>();
    private final AtomicLong size = new AtomicLong();

    private RemoteUpload(S3Store store, BlobId id, CompletableFuture<String> created) {
        this.store = store;
        this.id = id;
        this.key = store.keys().of(id);
        this.created = created;
    }

    static RemoteUpload begin(S3Store store, BlobId id, Map<String, String> metadata) {
        return new RemoteUpload(
                store,
                id,
                store.retries()
                        .of(create(store, id, metadata, store.checksums()))
                        .toFuture());
    }

    /**
     * One request; answers the name of the upload.
     *
     * @param checksums whether all of its parts and its completion will be sent with a checksum
     */
    static Mono<String> create(S3Store store, BlobId id, Map<String, String> metadata, boolean checksums) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(store.bucket())
                .key(store.keys().of(id))
                .metadata(metadata);
        if (checksums) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32_C).checksumType(ChecksumType.FULL_OBJECT);
        }
        return S3Store.write("starting the upload of the blob " + id, () -> store.client()
                        .createMultipartUpload(request.build()))
                .map(answer -> answer.uploadId());
    }

    /** Completes when parts can be sent. Whoever stops waiting does not stop the request. */
    Mono<String> created() {
        return Mono.fromFuture(created, true);
    }

    /** Nothing is visible yet, so whatever happened to a part that failed, it was not applied. */
    Mono<Void> send(Part part) {
        if (part.number() > MOST_PARTS) {
            return Mono.error(new TooLargeException(
                    S3Errors.BACKEND,
                    "The blob " + id + " has more than " + MOST_PARTS + " parts. Announce the length of the body, so "
                            + "that its parts can be larger, or raise 'part-size'.",
                    Determinacy.NOT_APPLIED));
        }
        return created()
                .flatMap(upload -> store.retries().of(request(upload, part)))
                .doFinally(end -> part.release());
    }

    private Mono<Void> request(String upload, Part part) {
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(store.bucket())
                .key(key)
                .uploadId(upload)
                .partNumber(part.number())
                .contentLength(part.size())
                .contentMD5(part.contentMd5())
                .overrideConfiguration(store::patiently);
        if (store.checksums()) {
            request.checksumCRC32C(StoredChecksum.encode(part.crc32c()));
        }
        // For the put as a whole a part is like a read: it changes nothing that can be seen.
        return S3Store.read("sending part " + part.number() + " of the blob " + id, () -> store.client()
                        .uploadPart(request.build(), part.body()))
                .doOnNext(answer -> {
                    sent.add(CompletedPart.builder()
                            .partNumber(part.number())
                            .eTag(answer.eTag())
                            .checksumCRC32C(answer.checksumCRC32C())
                            .build());
                    size.addAndGet(part.size());
                })
                .then();
    }

    long size() {
        return size.get();
    }

    /** Makes the parts one blob, and says how that ended. */
    Mono<Commit.End> complete(String what, int crc) {
        return created().flatMap(upload -> {
            CompleteMultipartUploadRequest request = completion(upload, crc);
            return new Commit(what, () -> store.client().completeMultipartUpload(request), store.retries()).settle();
        });
    }

    private CompleteMultipartUploadRequest completion(String upload, int crc) {
        List<CompletedPart> parts = sent.stream()
                .sorted(Comparator.comparing(CompletedPart::partNumber))
                .toList();
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(store.bucket())
                .key(key)
                .uploadId(upload)
                .multipartUpload(all -> all.parts(parts))
                .ifNoneMatch("*")
                .overrideConfiguration(store::patiently);
        if (store.checksums()) {
            request.checksumCRC32C(StoredChecksum.encode(crc)).checksumType(ChecksumType.FULL_OBJECT);
        }
        return request.build();
    }

    /** Always completes: what cannot be aborted is left to the rule of the bucket that ends abandoned uploads. */
    Mono<Void> abort() {
        return created()
                .flatMap(upload -> store.retries().of(abort(store, id, upload)))
                .onErrorComplete();
    }

    /** One request. That there is no such upload is success. */
    static Mono<Void> abort(S3Store store, BlobId id, String upload) {
        return Mono.fromFuture(() -> store.client().abortMultipartUpload(request -> request.bucket(store.bucket())
                        .key(store.keys().of(id))
                        .uploadId(upload)))
                .then()
                .onErrorResume(S3Errors::isAbsent, gone -> Mono.empty())
                .onErrorMap(error -> S3Errors.ofWrite("aborting the upload of the blob " + id, error));
    }
}
