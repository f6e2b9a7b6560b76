// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Uploads in parts on a server: right, but for its flaw. Each call is one attempt. */
final class RemoteUploads implements MultipartUploads {

    private static final byte[] REQUEST = new byte[100];

    private final InMemoryBlobs blobs;
    private final MultipartUploads uploads;
    private final RemoteCalls calls;

    RemoteUploads(InMemoryBlobs blobs, RemoteCalls calls) {
        this.blobs = blobs;
        this.uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        this.calls = calls;
    }

    @Override
    public UploadLimits limits() {
        return uploads.limits();
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        return calls.once(true, REQUEST, bytes -> uploads.start(id, metadata).map(Answer::of))
                .map(reply -> reply.value(UploadSession.class));
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        return body.checkedBody().collectList().flatMap(pieces -> uploadPart(session, number, joined(pieces)));
    }

    Mono<UploadedPart> uploadPart(UploadSession session, int number, byte[] part) {
        return calls.once(true, part, bytes -> uploads.uploadPart(session, number, Payload.of(bytes), null)
                        .map(Answer::of))
                .map(reply -> reply.value(UploadedPart.class));
    }

    static byte[] joined(List<ByteBuffer> pieces) {
        ByteBuffer whole = ByteBuffer.allocate(
                pieces.stream().mapToInt(ByteBuffer::remaining).sum());
        pieces.forEach(piece -> whole.put(piece.duplicate()));
        return whole.array();
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        return calls.once(false, REQUEST, bytes -> uploads.listParts(session, after, max)
                        .map(Answer::of))
                .map(reply -> reply.value(PartPage.class));
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        return calls.once(
                        true, REQUEST, bytes -> uploads.complete(session, parts).map(Answer::of))
                .map(reply -> reply.value(BlobInfo.class))
                .onErrorMap(
                        error -> calls.flaw() == Flaw.LOST_COMPLETION_IS_NONE,
                        error -> RemoteCalls.unavailable("Lost", error));
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        return calls.once(true, REQUEST, bytes -> removed(session)
                        .then(uploads.abort(session))
                        .then(Mono.empty()))
                .then();
    }

    private Mono<Void> removed(UploadSession session) {
        return calls.flaw() == Flaw.ABORT_DELETES ? blobs.delete(session.blob()) : Mono.empty();
    }
}
