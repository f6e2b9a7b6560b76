// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.BlobId;
import io.terrace.spi.OnDemand;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Lists blobs, a page at a time, each when it is asked for. One for each subscriber. */
final class BlobPages implements OnDemand.Source<BlobId> {

    private final S3Store store;
    private final String prefix;
    private volatile @Nullable String token;
    private volatile boolean over;

    BlobPages(S3Store store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Mono<List<BlobId>> next(long wanted) {
        return S3Store.read("listing the blobs below '" + prefix + "'", () -> store.client()
                        .listObjectsV2(request -> request.bucket(store.bucket())
                                .prefix(store.keys().beginning(prefix))
                                .continuationToken(token)))
                .map(this::idsOf);
    }

    private List<BlobId> idsOf(ListObjectsV2Response page) {
        token = page.nextContinuationToken();
        over = !Boolean.TRUE.equals(page.isTruncated()) || token == null;
        return page.contents().stream()
                .map(object -> store.keys().blobOf(object.key(), prefix))
                .flatMap(Optional::stream)
                .toList();
    }
}
