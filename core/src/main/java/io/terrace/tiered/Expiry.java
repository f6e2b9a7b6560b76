// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.tiered.Rules.Rule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * R12: ends an expired large object in three steps, each of which may be the last one of a process that dies. Its row is
 * made dead, which is expired for every clock, so that no touch brings it back; the dead row becomes a marker; then the blob
 * is released. The blob last: a process that dies before that leaves a blob that nothing points to, which the next sweep
 * deletes, whereas a dead row whose blob is gone would be found by nobody.
 */
final class Expiry {

    private final Tiers tiers;
    private final Release release;

    /** How far it came. */
    enum End {
        /** The object is not expired, or was changed meanwhile. */
        KEPT,
        /** The object is gone, and a pin keeps its blob. */
        PINNED,
        /** The object is gone, and its blob. */
        GONE
    }

    Expiry(Tiers tiers, Release release) {
        this.tiers = tiers;
        this.release = release;
    }

    /** Whether that row is expired for all clocks of the system. */
    boolean isDue(RowHead row) {
        return row.deadline().isPastAt(tiers.runtime().nowMicros() - Settings.CLOCK_SKEW.toNanos() / 1000);
    }

    /** Ends the object of a tombstone that is due. On error: what was done is done, and the next pass goes on. */
    Mono<End> end(ObjectId object, RowHead tombstone) {
        List<BlobId> blob = List.of(Objects.requireNonNull(tombstone.target()));
        if (!tiers.rules().obey(Rule.RETIRE_BEFORE_RELEASE)) {
            return release.release(null, blob).then(dead(object, tombstone)).thenReturn(End.GONE);
        }
        return dead(object, tombstone)
                .flatMap(dead -> dead.isEmpty() ? Mono.just(false) : retire(object, dead.get()))
                .flatMap(retired -> retired ? release(blob) : Mono.just(End.KEPT));
    }

    private Mono<End> release(List<BlobId> blob) {
        return release.release(null, blob).map(gone -> gone ? End.GONE : End.PINNED);
    }

    /** The row as a dead one, empty if it was changed meanwhile. */
    private Mono<Optional<RowHead>> dead(ObjectId object, RowHead tombstone) {
        if (tombstone.deadline().isDead()) {
            return Mono.just(Optional.of(tombstone));
        }
        RowChange change = RowChange.deadline(Deadline.DEAD);
        return tiers.rows()
                .bump(object, tombstone, change)
                .map(outcome -> outcome.fold(
                        applied -> Optional.of(
                                change.applyTo(tombstone, tiers.runtime().nowMicros())
                                        .withVersion(applied.version())),
                        refused -> Optional.empty()));
    }

    /** False if somebody has replaced the dead row, who then releases its blob. */
    private Mono<Boolean> retire(ObjectId object, RowHead dead) {
        return tiers.rows()
                .bump(object, dead, RowChange.retire())
                .map(outcome -> outcome instanceof CasOutcome.Applied);
    }
}
