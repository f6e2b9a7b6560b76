// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import reactor.core.publisher.Flux;

/** Facet of a {@link LongTermBackend} that can enumerate its upload sessions; needed to find those that were abandoned. */
public interface UploadSessionListing {

    /**
     * All sessions whose blob's {@linkplain ObjectId#storagePath() object path} begins with the prefix; the empty prefix
     * means all. A session that exists during the whole listing is listed exactly once; one that comes or goes may or may
     * not be. Any order; how old one is says the time in the UUID of its blob. Read by demand, in pages. (MU-7)
     */
    Flux<UploadSession> sessions(String prefix);
}
