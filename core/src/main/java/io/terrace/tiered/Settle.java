// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import io.terrace.spi.EntryId;
import io.terrace.spi.RowHead;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * R6, steps 2 to 5: decides for good whether a change was committed, and deletes what nothing points to. Any number of
 * these may run at once for one entry, and race its writer.
 */
final class Settle {

    private final Tiers tiers;
    private final Fence fence;
    private final Release release;

    Settle(Tiers tiers) {
        this.tiers = tiers;
        this.fence = new Fence(tiers);
        this.release = new Release(tiers);
    }

    /**
     * What is to be settled. A writer that gave up settles from its own memory, since a resolver may have removed the entry
     * before the writer's blob became visible.
     */
    record Claim(EntryId entry, ObjectId object, @Nullable BlobId newBlob, WriteId base, List<BlobId> oldBlobs) {

        boolean isCommitted(RowHead row) {
            return newBlob != null && newBlob.equals(row.target());
        }

        /** A value was written since, so nothing that expects the base can land; with an absent base it still could. */
        boolean isOvertaken(RowHead row, boolean bumpAbsent) {
            return !row.writeId().equals(base) && !(base.isNone() && newBlob != null && bumpAbsent);
        }
    }

    /** Answers true when the entry is gone, false when a pin keeps it. Fails, and leaves the entry, if it cannot decide. */
    Mono<Boolean> settle(Claim claim) {
        if (!tiers.rules().obey(Rule.FENCE_BEFORE_DELETE) && claim.newBlob() != null) {
            return tiers.head(claim.object())
                    .flatMap(row ->
                            claim.isCommitted(row) ? Mono.<Void>empty() : release.delete(List.of(claim.newBlob())))
                    .then(Mono.defer(() -> fenceAndClean(claim)));
        }
        return fenceAndClean(claim);
    }

    private Mono<Boolean> fenceAndClean(Claim claim) {
        boolean never = !tiers.rules().obey(Rule.FENCE);
        boolean bumpAbsent = tiers.rules().obey(Rule.BUMP_ABSENT);
        return fence.read(claim.object(), row -> never || claim.isCommitted(row) || claim.isOvertaken(row, bumpAbsent))
                .flatMap(fenced -> clean(claim, fenced));
    }

    /** R6.4 and R6.5. */
    private Mono<Boolean> clean(Claim claim, Fence.Fenced fenced) {
        BlobId target = fenced.row().target();
        BlobId newBlob = claim.newBlob();
        List<BlobId> garbage = new ArrayList<>(claim.oldBlobs());
        garbage.remove(target);
        Mono<Void> rollback = Mono.empty();
        if (newBlob != null && !newBlob.equals(target)) {
            // The fence found the base unchanged: the new blob was never the target, so no pin can be about it.
            boolean neverCommitted = fenced.bumped() && fenced.row().writeId().equals(claim.base());
            if (neverCommitted || !tiers.rules().obey(Rule.PIN_CHECK_ON_ROLLBACK)) {
                rollback = release.delete(List.of(newBlob));
            } else {
                garbage.add(0, newBlob);
            }
        }
        return rollback.then(Mono.defer(() -> release.release(claim.entry(), garbage)))
                .flatMap(released -> released
                        ? tiers.logRetries()
                                .of(tiers.log().remove(claim.entry()))
                                .thenReturn(true)
                        : Mono.just(false));
    }
}
