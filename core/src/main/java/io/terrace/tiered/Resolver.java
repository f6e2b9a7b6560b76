// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import reactor.core.publisher.Mono;

/** R6, step 1: takes an entry over whose writer is gone, or is thought to be, and settles it. */
final class Resolver {

    private final Tiers tiers;
    private final Settle settle;
    private final Release release;

    Resolver(Tiers tiers) {
        this.tiers = tiers;
        this.settle = new Settle(tiers);
        this.release = new Release(tiers);
    }

    /** Answers true when the entry is gone, false when a pin keeps it. Fails, and leaves the entry, if it cannot decide. */
    Mono<Boolean> resolve(EntryId id) {
        return tiers.logRetries().of(tiers.log().claim(id)).flatMap(this::claimed);
    }

    private Mono<Boolean> claimed(ClaimOutcome outcome) {
        ChangeEntry entry = outcome.entry();
        if (entry == null) {
            return Mono.just(true);
        }
        if (outcome.kind() == ClaimOutcome.Kind.DEFERRED) {
            return release.release(entry.id(), entry.oldBlobs())
                    .flatMap(released -> released
                            ? tiers.logRetries()
                                    .of(tiers.log().remove(entry.id()))
                                    .thenReturn(true)
                            : Mono.just(false));
        }
        return settle.settle(
                new Settle.Claim(entry.id(), entry.object(), entry.newBlob(), entry.base(), entry.oldBlobs()));
    }
}
