// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.ChangeEntry;
import io.terrace.spi.EntryId;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import reactor.core.publisher.Mono;

/** An entry of its own, which nobody has claimed. */
record EntryHold(Tiers tiers, EntryId entry) implements Hold {

    @Override
    public Mono<Boolean> isHeld() {
        if (!tiers.rules().obey(Rule.CLAIM_CHECK)) {
            return Mono.just(true);
        }
        return tiers.logRetries()
                .of(tiers.log().get(entry))
                .map(found -> found.state() == ChangeEntry.State.OPEN)
                .defaultIfEmpty(false);
    }

    @Override
    public Mono<Boolean> rebase() {
        return tiers.logRetries().of(tiers.log().rebase(entry, WriteId.NONE));
    }
}
