// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ExpirationPolicy.TimeToIdle;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowWrite;
import io.terrace.tiered.Rules.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * R12: a read of an object with a time to idle extends its life, behind the answer. One bump of exactly the version that was
 * read: whatever was written meanwhile is newer than this access, and wins. One that fails is forgotten; the next read
 * tries again, and debouncing leaves it a quarter of the idle time to do so.
 */
final class Touch {

    /** Objects that are being touched. Beyond it, reads leave it to later ones. */
    private static final int MOST = 256;

    /** When a touch that is not answered makes room for the next one. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration MOST_GUARD = Duration.ofSeconds(60);

    private final Tiers tiers;
    private final Operations operations;
    private final Set<ObjectId> underWay = ConcurrentHashMap.newKeySet();

    Touch(Tiers tiers, Operations operations) {
        this.tiers = tiers;
        this.operations = operations;
    }

    /** A value was read at this head. */
    void after(ObjectId id, RowHead head, ObjectMetadata metadata) {
        if (!(metadata.expiration() instanceof TimeToIdle idle)) {
            return;
        }
        Instant now = tiers.runtime().now();
        Instant later = metadata.idleDeadlineAfterAccess(now).orElse(null);
        if (later == null || isNearlyOver(head.deadline(), idle) || underWay.size() >= MOST || !underWay.add(id)) {
            return;
        }
        RowChange touch = RowChange.touch(metadata.expiringAt(later), Deadline.at(later));
        Mono<Void> work = extend(id, head, touch)
                .timeout(PATIENCE, tiers.runtime().timers())
                .doFinally(signal -> underWay.remove(id));
        if (!operations.spare("a touch", work)) {
            underWay.remove(id);
        }
    }

    private Mono<Void> extend(ObjectId id, RowHead head, RowChange touch) {
        return tiers.rules().obey(Rule.TOUCH_EXACTLY)
                ? tiers.rows().bump(id, head, touch).then()
                : rewrite(id, head, touch);
    }

    /** A bump that arrives when others, whose clocks are ahead, have found the object expired, would bring it back. */
    private boolean isNearlyOver(Deadline deadline, TimeToIdle idle) {
        Duration tenth = idle.after().dividedBy(10);
        Duration guard = tenth.compareTo(MOST_GUARD) < 0 ? tenth : MOST_GUARD;
        return deadline.micros() - guard.toNanos() / 1000 <= tiers.runtime().nowMicros();
    }

    /** Whatever is there now becomes what was read, with a later deadline. */
    private Mono<Void> rewrite(ObjectId id, RowHead head, RowChange touch) {
        RowHead touched = touch.applyTo(head, tiers.runtime().nowMicros());
        if (touched.target() == null || touched.metadata() == null) {
            return tiers.rows().bump(id, head, touch).then();
        }
        RowWrite write =
                new RowWrite.Tombstone(head.writeId(), touched.target(), touched.metadata(), touched.deadline());
        return tiers.head(id)
                .flatMap(row -> tiers.rows().compareAndSet(id, row.version(), write))
                .then();
    }
}
