// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import reactor.core.publisher.Mono;

/** Decides by size where an object goes, having read no more of it than fits into a row. */
final class PutObject {

    private final Tiers tiers;
    private final SmallWrite small;
    private final LargeWrite large;

    PutObject(Tiers tiers, SmallWrite small, LargeWrite large) {
        this.tiers = tiers;
        this.small = small;
        this.large = large;
    }

    Mono<Answer<ObjectInfo>> put(ObjectId id, ObjectMetadata metadata, Payload payload, CommitPoint point) {
        // One reading of the clock decides about expiry in both tiers, however long the upload takes.
        ObjectMetadata stamped = metadata.stampedAt(tiers.runtime().now());
        Instant expires = stamped.timeExpires();
        Deadline deadline = expires == null ? Deadline.NONE : Deadline.at(expires);
        int threshold = tiers.settings().inlineThreshold();
        if (payload.contentLength() > threshold) {
            return large.put(id, stamped, deadline, payload, point);
        }
        ByteBuffer bytes = payload.inMemory();
        if (bytes != null) {
            return putSmall(id, stamped, deadline, bytes, point);
        }
        return InlinePeek.of(payload.checkedBody(), threshold).flatMap(peeked -> {
            PeekedStream rest = peeked.rest();
            return rest == null
                    ? putSmall(id, stamped, deadline, peeked.bytes(), point)
                    : large.put(id, stamped, deadline, Payload.from(rest), point)
                            .doFinally(signal -> rest.discard());
        });
    }

    private Mono<Answer<ObjectInfo>> putSmall(
            ObjectId id, ObjectMetadata stamped, Deadline deadline, ByteBuffer bytes, CommitPoint point) {
        return small.put(id, new InlineObject(stamped.sized(bytes.remaining()), deadline, bytes), point);
    }
}
