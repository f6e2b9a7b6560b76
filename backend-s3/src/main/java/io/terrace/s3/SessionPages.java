// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.OnDemand;
import io.terrace.spi.UploadSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;

/** Lists uploads, a page at a time, each when it is asked for. One for each subscriber. */
final class SessionPages implements OnDemand.Source<UploadSession> {

    private final S3Store store;
    private final String prefix;
    private volatile @Nullable String nextKey;
    private volatile @Nullable String nextUpload;
    private volatile boolean over;

    SessionPages(S3Store store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Mono<List<UploadSession>> next(long wanted) {
        return S3Store.read("listing the uploads below '" + prefix + "'", () -> store.client()
                        .listMultipartUploads(request -> request.bucket(store.bucket())
                                .prefix(store.keys().beginning(prefix))
                                .keyMarker(nextKey)
                                .uploadIdMarker(nextUpload)))
                .map(this::sessionsOf);
    }

    private List<UploadSession> sessionsOf(ListMultipartUploadsResponse page) {
        nextKey = page.nextKeyMarker();
        nextUpload = page.nextUploadIdMarker();
        over = !Boolean.TRUE.equals(page.isTruncated()) || nextKey == null;
        return page.uploads().stream()
                .map(upload -> store.keys()
                        .blobOf(upload.key(), prefix)
                        .map(blob -> new UploadSession(blob, upload.uploadId())))
                .flatMap(Optional::stream)
                .toList();
    }
}
