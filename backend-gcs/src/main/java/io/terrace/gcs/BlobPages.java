// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import io.terrace.spi.BlobId;
import io.terrace.spi.OnDemand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One listing, page by page. */
final class BlobPages implements OnDemand.Source<BlobId> {

    private final Bucket bucket;
    private final GcsThreads threads;
    private final String objectPath;

    // One step at a time.
    private @Nullable Page<Blob> last;

    BlobPages(Bucket bucket, GcsThreads threads, String objectPath) {
        this.bucket = bucket;
        this.threads = threads;
        this.objectPath = objectPath;
    }

    @Override
    public boolean isOver() {
        return last != null && !last.hasNextPage();
    }

    @Override
    public Mono<List<BlobId>> next(long wanted) {
        return threads.call(this::page)
                .onErrorMap(error -> GcsErrors.read("listing the blobs below '" + objectPath + "'", error));
    }

    private List<BlobId> page() {
        Page<Blob> before = last;
        Page<Blob> page = before == null ? bucket.list(objectPath) : before.getNextPage();
        List<BlobId> ids = new ArrayList<>();
        for (Blob object : page.getValues()) {
            BlobId id = bucket.names().blobOf(object.getName(), objectPath);
            if (id != null) {
                ids.add(id);
            }
        }
        last = page;
        return ids;
    }
}
