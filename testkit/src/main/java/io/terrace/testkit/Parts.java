// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.UploadGoneException;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** A store that takes blobs in parts, with its calls awaited. */
final class Parts {

    private final LongTermConformanceTest kit;

    Parts(LongTermConformanceTest kit) {
        this.kit = kit;
    }

    /** The facet, or the end of the test. */
    MultipartUploads facet() {
        return kit.facet(MultipartUploads.class);
    }

    UploadLimits limits() {
        return facet().limits();
    }

    Blobs blobs() {
        return kit.blobs();
    }

    /** That many bytes more than the store asks for, so that they make a part wherever it is in a list. */
    ByteBuffer bytes(int more) {
        return Bytes.of((int) limits().minPartBytes() + more);
    }

    UploadSession started(BlobId id) {
        return Await.value(facet().start(id, Samples.metadata("parts")));
    }

    UploadSession started() {
        return started(blobs().fresh());
    }

    Mono<UploadedPart> upload(UploadSession session, int number, Payload body) {
        return facet().uploadPart(session, number, body, null);
    }

    UploadedPart uploaded(UploadSession session, int number, ByteBuffer bytes) {
        return Await.value(upload(session, number, Payload.of(bytes)));
    }

    /** All parts, by pages of that size. */
    List<PartInfo> listed(UploadSession session, int max) {
        List<PartInfo> all = new ArrayList<>();
        int after = 0;
        while (true) {
            PartPage page = Await.value(facet().listParts(session, after, max));
            all.addAll(page.parts());
            if (page.nextMarker().isEmpty()) {
                return all;
            }
            after = page.nextMarker().getAsInt();
        }
    }

    List<PartInfo> listed(UploadSession session) {
        return listed(session, 1000);
    }

    BlobInfo completed(UploadSession session, UploadedPart... list) {
        return Await.value(facet().complete(session, List.of(list)));
    }

    void abort(UploadSession session) {
        Await.done(facet().abort(session));
    }

    /** Whether a call says that the session is gone; another error fails the test. */
    static boolean isGone(Mono<?> call) {
        Throwable error = Await.ended(call).getThrowable();
        if (error != null && !(error instanceof UploadGoneException)) {
            throw new AssertionError("a call may fail only because its session is gone", error);
        }
        return error != null;
    }
}
