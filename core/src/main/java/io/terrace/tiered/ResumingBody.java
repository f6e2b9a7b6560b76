// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.Determinacy;
import io.terrace.IntegrityException;
import io.terrace.TransientException;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The bytes of a blob, read on from the last one when the connection breaks. Sound because a blob never changes; bounded,
 * and only against errors that may pass.
 */
final class ResumingBody {

    private final Tiers tiers;
    private final BlobContent first;
    private final BlobId blob;
    private final long end;

    // Touched by one signal at a time.
    private long position;
    private long resumedAt;
    private int resumes;
    private int fruitless;

    ResumingBody(Tiers tiers, BlobContent content) {
        this.tiers = tiers;
        this.first = content;
        this.blob = content.info().id();
        ContentRange range = content.range();
        this.position = range == null ? 0 : range.first();
        this.end = range == null ? content.info().size() : range.last() + 1;
        this.resumedAt = position;
    }

    /** To be called once. */
    Flux<ByteBuffer> bytes() {
        tiers.blobRetries().begin();
        return readOn(first);
    }

    private Flux<ByteBuffer> readOn(BlobContent content) {
        return content.body()
                .doOnNext(this::count)
                .onErrorResume(TransientException.class, this::resume)
                .concatWith(Flux.defer(() -> position < end ? resume(null) : Flux.empty()));
    }

    private void count(ByteBuffer buffer) {
        position += buffer.remaining();
        if (position > end) {
            throw new IntegrityException(
                    tiers.blobs().name(),
                    "The blob '" + blob + "' yields more bytes than its size says. Run verify.",
                    Determinacy.NOT_APPLIED);
        }
    }

    private Flux<ByteBuffer> resume(@Nullable Throwable broken) {
        if (position == end) {
            return Flux.empty();
        }
        boolean advanced = position > resumedAt;
        fruitless = advanced ? 1 : fruitless + 1;
        if (++resumes > Settings.RESUMES
                || fruitless > Settings.RESUMES_WITHOUT_PROGRESS
                || !(advanced || tiers.blobRetries().mayRepeat())) {
            return Flux.error(
                    broken != null
                            ? broken
                            : new BackendUnavailableException(
                                    tiers.blobs().name(),
                                    "The blob '" + blob + "' ends early, at byte " + position + " of " + end
                                            + ", each time it is read. Run verify.",
                                    Determinacy.NOT_APPLIED));
        }
        resumedAt = position;
        Mono<BlobContent> rest = Mono.defer(() -> tiers.blobs().get(blob, ByteRange.bounded(position, end - 1)));
        return tiers.blobRetries()
                .pause(fruitless)
                .then(tiers.blobRetries().of(rest))
                .switchIfEmpty(Mono.error(() -> new BackendUnavailableException(
                        "",
                        "The object '" + blob.object().storagePath() + "' was replaced while it was being read. "
                                + "Read it again.",
                        Determinacy.NOT_APPLIED)))
                .flatMapMany(this::readOn);
    }
}
