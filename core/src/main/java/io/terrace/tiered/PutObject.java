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
import reactor.core.publisher.Mono;

/** Decides by size where an object goes, having read no more of it than fits into a row. */
final class PutObject {

    private final Tiers tiers;
    private final Policies policies;
    private final SmallWrite small;
    private final LargeWrite large;

    PutObject(Tiers tiers, Policies policies, SmallWrite small, LargeWrite large) {
        this.tiers = tiers;
        this.policies = policies;
        this.small = small;
        this.large = large;
    }

    Mono<Answer<ObjectInfo>> put(
            ObjectId id, ObjectMetadata metadata, Payload payload, PutOptions options, CommitPoint point) {
        // One reading of the clock decides about expiry in both tiers, however long the upload takes.
        ObjectMetadata stamped =
                policies.admit(id.context(), metadata).stampedAt(tiers.runtime().now());
        Deadline deadline = Deadline.of(stamped);
        return Replaced.check(tiers, id, options.precondition())
                .flatMap(replaced -> put(replaced, stamped, deadline, payload, point));
    }

    private Mono<Answer<ObjectInfo>> put(
            Replaced replaced, ObjectMetadata stamped, Deadline deadline, Payload payload, CommitPoint point) {
        int threshold = policies.inlineThreshold(replaced.object().context());
        if (payload.contentLength() > threshold) {
            return large.put(replaced, stamped, deadline, timed(payload, point.admitted()), point);
        }
        ByteBuffer bytes = payload.inMemory();
        if (bytes != null) {
            return putSmall(replaced, stamped, deadline, bytes, point);
        }
        Admitted room = point.admitted();
        return InlinePeek.of(payload.checkedBody().doOnNext(buffer -> room.progress()), threshold)
                .flatMap(peeked -> {
                    PeekedStream rest = peeked.rest();
                    if (rest == null) {
                        room.keepBytes(peeked.bytes().remaining());
                        return putSmall(replaced, stamped, deadline, peeked.bytes(), point);
                    }
                    rest.onDrained(() -> room.keepBytes(0));
                    return large.put(replaced, stamped, deadline, Payload.from(rest), point)
                            .doFinally(signal -> rest.discard());
                });
    }

    /** A payload that comes on keeps its put from being late, and one that does not ends it (H20). */
    private static Payload timed(Payload payload, Admitted room) {
        if (payload.inMemory() != null) {
            return payload;
        }
        Payload timed =
                Payload.from(payload.body().doOnNext(buffer -> room.progress())).contentLength(payload.contentLength());
        return payload.isReplayable() ? timed.replayable() : timed;
    }

    /** How much of a payload may be in memory before it is known where it goes; nothing of one that is known to be large. */
    static long bytesInMemory(Payload payload, int threshold) {
        long length = payload.contentLength();
        return length == Payload.UNKNOWN ? threshold : length > threshold ? 0 : length;
    }

    private Mono<Answer<ObjectInfo>> putSmall(
            Replaced replaced, ObjectMetadata stamped, Deadline deadline, ByteBuffer bytes, CommitPoint point) {
        return small.put(replaced, new InlineObject(stamped.sized(bytes.remaining()), deadline, bytes), point);
    }
}
