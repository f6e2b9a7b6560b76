// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.TransientException;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The bytes of a blob, by demand. When the connection breaks they are read on from the last one, on condition that the
 * object is still the same; a connection is also lost to a reader who pauses for too long, so it is not opened again before
 * he asks. A whole blob is compared with its checksum before its last bytes are handed on.
 */
final class BlobBody {

    private static final int RESUMES = 100;
    private static final int RESUMES_WITHOUT_PROGRESS = 3;

    private final S3Store store;
    private final BlobId id;
    private final @Nullable String etag;
    private final @Nullable Integer expected;
    private final long end;
    private final CRC32C crc = new CRC32C();

    // Touched by one signal at a time.
    private long position;
    private long resumedAt;
    private int resumes;
    private int fruitless;

    BlobBody(S3Store store, BlobInfo info, @Nullable ContentRange range, GetObjectResponse head) {
        this.store = store;
        this.id = info.id();
        this.etag = head.eTag();
        this.expected = range == null ? StoredChecksum.of(head) : null;
        this.position = range == null ? 0 : range.first();
        this.end = range == null ? info.size() : range.last() + 1;
        this.resumedAt = position;
    }

    /** To be called once. */
    Flux<ByteBuffer> from(Publisher<ByteBuffer> first) {
        store.retries().begin();
        return readOn(first);
    }

    private Flux<ByteBuffer> readOn(Publisher<ByteBuffer> answer) {
        return OnFirstRequest.atOnce(answer)
                .onErrorMap(error -> S3Errors.ofRead("reading the blob " + id, error))
                .map(this::take)
                .onErrorResume(TransientException.class, broken -> OnFirstRequest.of(resumed(broken)))
                .concatWith(Flux.defer(() -> position < end ? OnFirstRequest.of(resumed(endsEarly())) : Flux.empty()));
    }

    private ByteBuffer take(ByteBuffer bytes) {
        position += bytes.remaining();
        if (position > end) {
            throw damaged("more bytes came than it has");
        }
        if (expected != null) {
            crc.update(bytes.duplicate());
            if (position == end && (int) crc.getValue() != expected) {
                throw damaged("its bytes do not match the checksum they were written with");
            }
        }
        return bytes;
    }

    private Flux<ByteBuffer> resumed(TransientException broken) {
        return Flux.defer(() -> {
            if (position == end) {
                return Flux.empty();
            }
            boolean advanced = position > resumedAt;
            fruitless = advanced ? 1 : fruitless + 1;
            if (++resumes > RESUMES
                    || fruitless > RESUMES_WITHOUT_PROGRESS
                    || !(advanced || store.retries().mayRepeat())) {
                return Flux.error(broken);
            }
            resumedAt = position;
            // A request that fails is a body that breaks at once.
            Mono<Publisher<ByteBuffer>> rest = store.retries()
                    .pause(fruitless)
                    .then(request())
                    .map(this::rest)
                    .onErrorMap(this::meaning)
                    .onErrorResume(TransientException.class, again -> Mono.just(Flux.error(again)));
            return rest.flatMapMany(this::readOn);
        });
    }

    private Mono<ResponseStream.Opened> request() {
        return Mono.defer(() -> ResponseStream.of(
                store,
                GetObjectRequest.builder()
                        .bucket(store.bucket())
                        .key(store.keys().of(id))
                        .range(ByteRange.bounded(position, end - 1).headerValue())
                        .ifMatch(etag)
                        .build()));
    }

    /** A store that knows no ranges would begin anew. */
    private Publisher<ByteBuffer> rest(ResponseStream.Opened answer) {
        String range = answer.head().contentRange();
        if (range == null || ContentRange.parse(range).first() != position) {
            answer.close();
            throw new BackendUnavailableException(
                    S3Errors.BACKEND,
                    "The blob " + id + " was to be read on at byte " + position + ", but what came is " + range + ".",
                    Determinacy.NOT_APPLIED);
        }
        return answer.body();
    }

    private Throwable meaning(Throwable error) {
        if (S3Errors.isOther(error)) {
            return damaged("it was overwritten while it was being read");
        }
        if (S3Errors.isAbsent(error)) {
            fruitless = RESUMES_WITHOUT_PROGRESS;
            return new BackendUnavailableException(
                    S3Errors.BACKEND,
                    "The blob " + id + " was deleted while it was being read.",
                    Determinacy.NOT_APPLIED);
        }
        return S3Errors.ofRead("reading on the blob " + id, error);
    }

    private BackendUnavailableException endsEarly() {
        return new BackendUnavailableException(
                S3Errors.BACKEND,
                "The blob " + id + " ends early, at byte " + position + " of " + end + ", each time it is read.",
                Determinacy.NOT_APPLIED);
    }

    private IntegrityException damaged(String how) {
        return new IntegrityException(
                S3Errors.BACKEND, "The blob " + id + " is damaged: " + how + ".", Determinacy.NOT_APPLIED);
    }
}
