// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.Health;
import io.terrace.s3.S3Blobs.Compatibility;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.Retries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What all calls share: the bucket, the client, when it was closed, and how requests become answers. */
final class S3Store {

    private final Connection connection;
    private final String bucket;
    private final S3Keys keys;
    private final Compatibility compatibility;
    private final Duration uploadTimeout;
    private final Retries retries;
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Mono<Void> closed;
    private volatile boolean isClosed;

    S3Store(Connection connection, S3Blobs.Builder from, String bucket) {
        this.connection = connection;
        this.bucket = bucket;
        this.keys = new S3Keys(from.prefix);
        this.compatibility = from.compatibility();
        this.uploadTimeout = from.uploadTimeout;
        this.retries = new Retries(from.runtime);
        this.closed = Mono.defer(this::close).cache();
    }

    S3AsyncClient client() {
        return connection.client();
    }

    String bucket() {
        return bucket;
    }

    S3Keys keys() {
        return keys;
    }

    Retries retries() {
        return retries;
    }

    /** Whether the store knows the checksums of AWS. */
    boolean checksums() {
        return compatibility == Compatibility.AWS;
    }

    /** For a request that carries a part, or makes parts one object. */
    void patiently(AwsRequestOverrideConfiguration.Builder request) {
        patiently(request, 1);
    }

    /** For a request that carries as much as so many parts. */
    void patiently(AwsRequestOverrideConfiguration.Builder request, long parts) {
        request.apiCallAttemptTimeout(uploadTimeout.multipliedBy(parts));
    }

    /** A call: refused if the store is closed, ended when it is. */
    <T> Mono<T> call(Supplier<Mono<T>> work) {
        return Mono.defer(() -> isClosed ? Mono.error(refused()) : work.get().takeUntilOther(closing.asMono()));
    }

    <T> Flux<T> stream(Supplier<Flux<T>> work) {
        return Flux.defer(() -> isClosed ? Flux.error(refused()) : work.get().takeUntilOther(closing.asMono()));
    }

    /** A request that changes nothing. */
    static <T> Mono<T> read(String what, Supplier<CompletableFuture<T>> request) {
        return Mono.fromFuture(request).onErrorMap(error -> S3Errors.ofRead(what, error));
    }

    /** A request that changes something. */
    static <T> Mono<T> write(String what, Supplier<CompletableFuture<T>> request) {
        return Mono.fromFuture(request).onErrorMap(error -> S3Errors.ofWrite(what, error));
    }

    /** Describes a blob; empty if there is none. */
    Mono<BlobInfo> head(BlobId id) {
        String key = keys.of(id);
        Mono<HeadObjectResponse> answer = Mono.fromFuture(
                () -> client().headObject(request -> request.bucket(bucket).key(key)));
        return answer.map(found -> {
                    requireWhole(found.contentLength(), found.eTag());
                    return new BlobInfo(id, found.contentLength(), UserMetadata.metadata(found.metadata()));
                })
                .onErrorResume(S3Errors::isAbsent, absent -> Mono.empty())
                .onErrorMap(error -> S3Errors.ofRead("describing the blob " + id, error));
    }

    /** To the client a head that was cut short by the end of its connection is a head like any other. */
    static void requireWhole(@Nullable Long length, @Nullable String etag) {
        if (length == null || etag == null) {
            throw new BackendUnavailableException(
                    S3Errors.BACKEND,
                    "An answer has no length or no ETag: it was cut short, or comes from something that is no S3 store.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** Deletes a blob; that there is none is success. */
    Mono<Void> delete(BlobId id) {
        String key = keys.of(id);
        return Mono.fromFuture(() ->
                        client().deleteObject(request -> request.bucket(bucket).key(key)))
                .then()
                .onErrorResume(S3Errors::isAbsent, absent -> Mono.empty())
                .onErrorMap(error -> S3Errors.ofWrite("deleting the blob " + id, error));
    }

    Mono<Health> check() {
        return Mono.defer(() -> isClosed
                ? Mono.just(Health.down("the store is closed"))
                : Mono.fromFuture(() -> client().listObjectsV2(request -> request.bucket(bucket)
                                .prefix(keys.beginning(""))
                                .maxKeys(1)))
                        .map(answer -> Health.up("the bucket '" + bucket + "' answers"))
                        .onErrorResume(error -> Mono.just(
                                Health.down(String.valueOf(S3Errors.ofRead("listing the bucket '" + bucket + "'", error)
                                        .getMessage())))));
    }

    Mono<Void> closeLater() {
        return closed;
    }

    private Mono<Void> close() {
        isClosed = true;
        closing.tryEmitError(new BackendUnavailableException(
                S3Errors.BACKEND, "The store was closed while this was under way.", Determinacy.UNKNOWN));
        return connection.closeLater();
    }

    private BackendUnavailableException refused() {
        return new BackendUnavailableException(
                S3Errors.BACKEND, "The store is closed. Open another one.", Determinacy.NOT_APPLIED);
    }
}
