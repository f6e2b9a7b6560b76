// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.PutOptions;
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

    Mono<Answer<ObjectInfo>> put(
            ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options, CommitPoint point) {
        // One reading of the clock decides about expiry in both tiers, however long the upload takes.
        ObjectMetadata stamped = metadata.stampedAt(tiers.runtime().now());
        Instant expires = stamped.timeExpires();
        Deadline deadline = expires == null ? Deadline.NONE : Deadline.at(expires);
        return Replaced.check(tiers, id, options.precondition())
                .flatMap(replaced -> put(replaced, stamped, deadline, payload, point));
    }

    private Mono<Answer<ObjectInfo>> put(
            Replaced replaced, ObjectMetadata stamped, Deadline deadline, Payload payload, CommitPoint point) {
        int threshold = tiers.settings().inlineThreshold();
        if (payload.contentLength() > threshold) {
            return large.put(replaced, stamped, deadline, payload, point);
        }
        ByteBuffer bytes = payload.inMemory();
        if (bytes != null) {
            return putSmall(replaced, stamped, deadline, bytes, point);
        }
        return InlinePeek.of(payload.checkedBody(), threshold).flatMap(peeked -> {
            PeekedStream rest = peeked.rest();
            return rest == null
                    ? putSmall(replaced, stamped, deadline, peeked.bytes(), point)
                    : large.put(replaced, stamped, deadline, Payload.from(rest), point)
                            .doFinally(signal -> rest.discard());
        });
    }

    private Mono<Answer<ObjectInfo>> putSmall(
            Replaced replaced, ObjectMetadata stamped, Deadline deadline, ByteBuffer bytes, CommitPoint point) {
        return small.put(replaced, new InlineObject(stamped.sized(bytes.remaining()), deadline, bytes), point);
    }
}
