// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.spi.OnDemand;
import io.terrace.spi.UploadSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One listing of upload sessions, page by page. */
final class SessionPages implements OnDemand.Source<UploadSession> {

    private final XmlUploads client;
    private final GcsThreads threads;
    private final String objectPath;

    // One step at a time.
    private XmlUploads.@Nullable SessionPage last;

    SessionPages(XmlUploads client, GcsThreads threads, String objectPath) {
        this.client = client;
        this.threads = threads;
        this.objectPath = objectPath;
    }

    @Override
    public boolean isOver() {
        return last != null && last.next() == null;
    }

    @Override
    public Mono<List<UploadSession>> next(long wanted) {
        return threads.call(() -> {
                    XmlUploads.SessionPage page = client.sessions(objectPath, last == null ? null : last.next());
                    last = page;
                    return page.sessions();
                })
                .onErrorMap(error -> GcsErrors.read("listing the uploads below '" + objectPath + "'", error));
    }
}
