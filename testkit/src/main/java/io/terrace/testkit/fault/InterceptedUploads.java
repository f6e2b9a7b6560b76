// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The calls that belong to uploads in parts, counted and seen as calls of their store. */
final class InterceptedUploads implements MultipartUploads {

    private final InterceptedBlobs blobs;
    private final MultipartUploads delegate;

    InterceptedUploads(InterceptedBlobs blobs, MultipartUploads delegate) {
        this.blobs = blobs;
        this.delegate = delegate;
    }

    @Override
    public UploadLimits limits() {
        return delegate.limits();
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        return blobs.call(SpiOperation.UPLOAD_START, id.storagePath(), delegate.start(id, metadata));
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, @Nullable Checksum checksum) {
        return Mono.defer(() -> blobs.interceptor.aroundPart(
                blobs.next(SpiOperation.UPLOAD_PART, target(session)),
                body,
                bytes -> delegate.uploadPart(session, number, bytes, checksum)));
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        return blobs.call(SpiOperation.UPLOAD_PARTS, target(session), delegate.listParts(session, after, max));
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        return blobs.call(SpiOperation.UPLOAD_COMPLETE, target(session), delegate.complete(session, parts));
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        return blobs.call(SpiOperation.UPLOAD_ABORT, target(session), delegate.abort(session));
    }

    private static String target(UploadSession session) {
        return session.blob().storagePath();
    }
}
