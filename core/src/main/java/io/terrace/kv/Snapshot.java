// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.RowVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What one look at a bucket has found. It is of no single moment, and older than what a read finds.
 *
 * @param versions by key, in the order of the listing
 * @param complete whether that is all; if not, there are more than may be held
 */
record Snapshot(Map<String, RowVersion> versions, boolean complete) {

    static Mono<Snapshot> of(BucketRows rows, int most) {
        return rows.scan()
                .take(most + 1L)
                .collect(
                        () -> new LinkedHashMap<String, RowVersion>(),
                        (found, row) -> found.put(row.id().key(), row.head().version()))
                .map(found -> bounded(found, most));
    }

    private static Snapshot bounded(Map<String, RowVersion> found, int most) {
        boolean complete = found.size() <= most;
        if (!complete) {
            found.keySet().removeAll(found.keySet().stream().skip(most).toList());
        }
        return new Snapshot(found, complete);
    }
}
