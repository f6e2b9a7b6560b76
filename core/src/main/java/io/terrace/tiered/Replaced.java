// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.Precondition;
import io.terrace.spi.RowHead;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a write is to replace.
 *
 * @param condition what must hold of it
 * @param row the row of which that was found to hold; {@code null} if nothing is required, and so nothing was read
 */
record Replaced(Condition condition, @Nullable RowHead row) {

    /** Reads the row if anything is required of it, and fails if that does not hold. */
    static Mono<Replaced> check(Tiers tiers, ObjectId id, Precondition required) {
        Condition condition = new Condition(id, required);
        if (condition.isNone()) {
            return Mono.just(new Replaced(condition, null));
        }
        return tiers.head(id).onErrorMap(NothingStored::because).flatMap(row -> {
            RuntimeException failure = condition.failureAt(row, tiers.runtime().nowMicros());
            return failure == null ? Mono.just(new Replaced(condition, row)) : Mono.error(failure);
        });
    }

    ObjectId object() {
        return condition.object();
    }
}
