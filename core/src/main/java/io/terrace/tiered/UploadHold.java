// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import io.terrace.tiered.Rules.Rule;
import reactor.core.publisher.Mono;

/** R10: the record of an upload that is being completed, which is held while it is exactly as this attempt left it. */
final class UploadHold implements Hold {

    private final Tiers tiers;

    // One step runs at a time, each after the signal of the one before.
    private UploadRecord record;

    UploadHold(Tiers tiers, UploadRecord completing) {
        this.tiers = tiers;
        this.record = completing;
    }

    UploadRecord record() {
        return record;
    }

    @Override
    public Mono<Boolean> isHeld() {
        if (!tiers.rules().obey(Rule.RECORD_CHECK)) {
            return Mono.just(true);
        }
        return tiers.logRetries()
                .of(tiers.log().uploads().get(record.id()))
                .map(record::equals)
                .defaultIfEmpty(false);
    }

    @Override
    public Mono<Boolean> rebase() {
        UploadRecord rebased = record.rebased(WriteId.NONE);
        return tiers.logRetries()
                .of(tiers.log().uploads().replace(record, rebased))
                .doOnNext(replaced -> {
                    if (replaced) {
                        record = rebased;
                    }
                });
    }
}
