// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.Checksum;
import io.terrace.Determinacy;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import io.terrace.spi.PartDigest;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * One part of a session. Up to what an upload holds it is collected, and can be sent again; a larger one passes through as it
 * comes, which needs its length, because S3 does. Either way nothing is stored whose checksum is another one:
 * the last bytes are not sent before all of them have been looked at.
 */
final class SessionPart {

    private final S3Store store;
    private final UploadSession session;
    private final int number;
    private final Payload body;
    private final @Nullable Checksum announced;

    SessionPart(S3Store store, UploadSession session, int number, Payload body, @Nullable Checksum announced) {
        this.store = store;
        this.session = session;
        this.number = number;
        this.body = body;
        this.announced = announced;
    }

    Mono<UploadedPart> upload(UploadMemory memory, long most) {
        return body.contentLength() > most ? passedThrough(most) : collected(memory, most);
    }

    /** Nothing of the body has been visible before, so what is sent again is the same part. */
    private Mono<UploadedPart> collected(UploadMemory memory, long most) {
        return Mono.deferContextual(context -> Mono.using(
                () -> new PartsOfStream(body, most, true, memory.share(), context),
                parts -> parts.next().flatMap(part -> {
                    if (!part.isLast()) {
                        return Mono.error(new TooLargeException(
                                S3Errors.BACKEND,
                                "Part " + number + " has more than " + most + " bytes, and its length was not "
                                        + "announced. Announce it, or raise 'part-size'.",
                                Determinacy.NOT_APPLIED));
                    }
                    if (announced != null) {
                        PartDigest digest = new PartDigest();
                        part.updateInto(digest::update);
                        digest.finish(number, announced);
                    }
                    String md5 = part.contentMd5();
                    return store.retries().of(Mono.defer(() -> request(part.size(), md5, 1, part.body())));
                }),
                Parts::close));
    }

    private Mono<UploadedPart> passedThrough(long most) {
        return Mono.defer(() -> request(
                body.contentLength(),
                announced != null && announced.algorithm() == Checksum.Algorithm.MD5 ? announced.base64() : null,
                1 + body.contentLength() / most,
                AsyncRequestBody.fromPublisher(announced == null ? body.checkedBody() : verified(announced))));
    }

    /** Holds one buffer back, until all of them have the right checksum. */
    private Flux<ByteBuffer> verified(Checksum checksum) {
        return Flux.defer(() -> {
            PartDigest digest = new PartDigest();
            Flux<ByteBuffer> seen = body.checkedBody().doOnNext(digest::update);
            return seen.concatWith(Mono.fromRunnable(() -> digest.finish(number, checksum)))
                    .buffer(2, 1)
                    .map(pair -> pair.get(0));
        });
    }

    /** @param pieces as how many parts of ours it counts, for the time that it may take */
    private Mono<UploadedPart> request(long size, @Nullable String md5, long pieces, AsyncRequestBody bytes) {
        UploadPartRequest request = UploadPartRequest.builder()
                .bucket(store.bucket())
                .key(store.keys().of(session.blob()))
                .uploadId(session.token())
                .partNumber(number)
                .contentLength(size)
                .contentMD5(md5)
                .overrideConfiguration(override -> store.patiently(override, pieces))
                .build();
        return Mono.fromFuture(() -> store.client().uploadPart(request, bytes))
                .map(answer -> new UploadedPart(number, ETags.bare(answer.eTag())))
                .onErrorMap(error ->
                        S3Errors.ofSession(session, true, "sending part " + number + " of the " + session, error));
    }
}
