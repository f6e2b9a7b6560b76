// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import io.terrace.spi.Retries;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A blob in several requests: its parts are repeated, its last step is not, and what comes to nothing is removed. */
final class LargePut {

    private static final int PART_BYTES = 128 << 10;

    private final RemoteUploads uploads;
    private final RemoteCalls calls;
    private final Flaw flaw;

    LargePut(RemoteUploads uploads, RemoteCalls calls) {
        this.uploads = uploads;
        this.calls = calls;
        this.flaw = calls.flaw();
    }

    Mono<BlobInfo> of(BlobId id, ObjectMetadata metadata, Payload body, CommitGate gate) {
        return Mono.usingWhen(
                calls.repeated(uploads.start(id, metadata)).onErrorMap(LargePut::nothingHappened),
                session -> parts(session, body).collectList().flatMap(parts -> Mono.defer(gate::opened)
                        .then(complete(session, parts))),
                session -> Mono.empty(),
                (session, error) ->
                        flaw == Flaw.FAILED_UPLOAD_IS_LEFT ? Mono.empty() : Mono.fromRunnable(() -> abort(session)),
                session ->
                        flaw == Flaw.CANCELLED_UPLOAD_IS_LEFT ? Mono.empty() : Mono.fromRunnable(() -> abort(session)));
    }

    private Flux<UploadedPart> parts(UploadSession session, Payload payload) {
        return Flux.defer(() -> {
            AtomicInteger number = new AtomicInteger();
            AtomicLong filled = new AtomicLong();
            Flux<ByteBuffer> body = payload.checkedBody();
            if (flaw == Flaw.BODY_IS_NOT_CANCELLED) {
                // Whoever cancels what comes out of it does not cancel what goes in.
                body = body.publish(1).autoConnect();
            }
            return body.bufferUntil(
                            piece -> filled.addAndGet(piece.remaining()) >= PART_BYTES && filled.getAndSet(0) > 0)
                    .concatMap(pieces -> part(session, number.incrementAndGet(), RemoteUploads.joined(pieces)), 1);
        });
    }

    private Mono<UploadedPart> part(UploadSession session, int number, byte[] bytes) {
        Mono<UploadedPart> attempt = uploads.uploadPart(session, number, bytes);
        return switch (flaw) {
            case PARTS_ARE_NOT_REPEATED -> attempt.onErrorMap(LargePut::nothingHappened);
            case PARTS_THAT_FAIL_ARE_LEFT_OUT -> attempt.onErrorResume(error -> Mono.empty());
            default -> calls.repeated(attempt).onErrorMap(LargePut::nothingHappened);
        };
    }

    private Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        return uploads.complete(session, parts)
                .onErrorMap(
                        error -> flaw == Flaw.LOST_LAST_STEP_IS_NONE, error -> RemoteCalls.unavailable("Lost", error));
    }

    /** Before the last step nothing can be seen, whatever became of the others. */
    private static Throwable nothingHappened(Throwable error) {
        return error instanceof TerraceException && Retries.mayPass(error)
                ? RemoteCalls.unavailable("The upload failed before its last step", error)
                : error;
    }

    /** While the caller goes on. Of a session that was completed, it does nothing. */
    private void abort(UploadSession session) {
        calls.repeated(uploads.abort(session)).subscribe(done -> {}, error -> {});
    }
}
