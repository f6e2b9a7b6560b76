// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.Checksum;
import io.terrace.ObjectMetadata;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The reference's uploads in parts, to be made wrong in one method. */
class ForwardingUploads implements MultipartUploads, UploadSessionListing {

    private final LongTermBackend blobs;
    private final MultipartUploads uploads;
    private final UploadSessionListing sessions;

    ForwardingUploads(LongTermBackend blobs) {
        this.blobs = blobs;
        this.uploads = blobs.facet(MultipartUploads.class).orElseThrow();
        this.sessions = blobs.facet(UploadSessionListing.class).orElseThrow();
    }

    /** The reference with other uploads. */
    static ForwardingBlobs in(Function<LongTermBackend, ForwardingUploads> wrongly) {
        return new ForwardingBlobs() {
            private final ForwardingUploads wrong = wrongly.apply(blobs());

            @Override
            public <F> Optional<F> facet(Class<F> type) {
                return type.isInstance(wrong) ? Optional.of(type.cast(wrong)) : super.facet(type);
            }
        };
    }

    /** The reference itself, for what a mutant does behind the kit's back. */
    final LongTermBackend blobs() {
        return blobs;
    }

    @Override
    public UploadLimits limits() {
        return uploads.limits();
    }

    @Override
    public Mono<UploadSession> start(BlobId id, ObjectMetadata metadata) {
        return uploads.start(id, metadata);
    }

    @Override
    public Mono<UploadedPart> uploadPart(UploadSession session, int number, Payload body, Checksum checksum) {
        return uploads.uploadPart(session, number, body, checksum);
    }

    @Override
    public Mono<PartPage> listParts(UploadSession session, int after, int max) {
        return uploads.listParts(session, after, max);
    }

    @Override
    public Mono<BlobInfo> complete(UploadSession session, List<UploadedPart> parts) {
        return uploads.complete(session, parts);
    }

    @Override
    public Mono<Void> abort(UploadSession session) {
        return uploads.abort(session);
    }

    @Override
    public Flux<UploadSession> sessions(String prefix) {
        return sessions.sessions(prefix);
    }
}
