// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.BlobId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Lists blobs, a page at a time, each when it is asked for. One for each subscriber. */
final class BlobPages {

    private final S3Store store;
    private final String prefix;
    private volatile @Nullable String next;
    private volatile boolean over;

    BlobPages(S3Store store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    Flux<BlobId> ids() {
        return OnFirstRequest.of(Mono.defer(this::page)).repeat(() -> !over).concatMapIterable(page -> page, 1);
    }

    private Mono<List<BlobId>> page() {
        return S3Store.read("listing the blobs below '" + prefix + "'", () -> store.client()
                        .listObjectsV2(request -> request.bucket(store.bucket())
                                .prefix(store.keys().beginning(prefix))
                                .continuationToken(next)))
                .map(this::idsOf);
    }

    private List<BlobId> idsOf(ListObjectsV2Response page) {
        next = page.nextContinuationToken();
        over = !Boolean.TRUE.equals(page.isTruncated()) || next == null;
        return page.contents().stream()
                .map(object -> store.keys().blobOf(object.key(), prefix))
                .flatMap(Optional::stream)
                .toList();
    }
}
