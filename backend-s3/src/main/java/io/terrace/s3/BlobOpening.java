// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.UnsupportedException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Opens a blob: one request, of which the head is awaited and the body is left to the receiver. */
final class BlobOpening {

    private static final long BEYOND = 1L << 50;

    private final S3Store store;
    private final BlobId id;
    private final @Nullable ByteRange range;

    BlobOpening(S3Store store, BlobId id, @Nullable ByteRange range) {
        this.store = store;
        this.id = id;
        this.range = range;
    }

    Mono<BlobContent> open() {
        return ResponseStream.of(store, request())
                .map(this::content)
                .onErrorResume(S3Errors::isAbsent, absent -> Mono.empty())
                .onErrorResume(S3Errors::isRefusedRange, refused -> selectsNothing())
                .onErrorMap(error -> S3Errors.ofRead("opening the blob " + id, error));
    }

    private GetObjectRequest request() {
        GetObjectRequest.Builder request = GetObjectRequest.builder()
                .bucket(store.bucket())
                .key(store.keys().of(id))
                .range(range == null ? null : header(range));
        if (range == null && store.checksums()) {
            // Asked for by hand: the client would compare it too, but only for a body that comes in one piece.
            request.overrideConfiguration(override -> override.putHeader("x-amz-checksum-mode", "ENABLED"));
        }
        return request.build();
    }

    /** Beyond any object, and within what every store can read. */
    private static String header(ByteRange range) {
        ByteRange readable = range;
        if (range instanceof ByteRange.Bounded bounded && bounded.last() > BEYOND) {
            readable = ByteRange.bounded(bounded.first(), Math.max(bounded.first(), BEYOND));
        } else if (range instanceof ByteRange.Last last && last.count() > BEYOND) {
            readable = ByteRange.last(BEYOND);
        }
        return readable.headerValue();
    }

    private BlobContent content(ResponseStream.Opened answer) {
        try {
            GetObjectResponse head = answer.head();
            S3Store.requireWhole(head.contentLength(), head.eTag());
            ContentRange selected = range == null ? null : selected(range, head);
            long size = selected == null ? head.contentLength() : selected.total();
            BlobInfo info = new BlobInfo(id, size, UserMetadata.metadata(head.metadata()));
            return new OpenBlob(store, info, selected, answer);
        } catch (RuntimeException e) {
            answer.close();
            throw e;
        }
    }

    private static ContentRange selected(ByteRange range, GetObjectResponse head) {
        if (head.contentRange() != null) {
            return ContentRange.parse(head.contentRange());
        }
        long size = head.contentLength();
        ContentRange whole = range.resolve(size);
        if (whole.length() != size) {
            throw new UnsupportedException(S3Errors.BACKEND, "reading a part of an object");
        }
        return whole;
    }

    /** Not every store says the size when it refuses a range. */
    private Mono<BlobContent> selectsNothing() {
        return store.head(id)
                .flatMap(info -> Mono.error(new RangeNotSatisfiableException(S3Errors.BACKEND, info.size())));
    }
}
