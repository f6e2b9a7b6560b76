// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a compare-and-set or a bump ended, when that is known. An unknown outcome is an error. */
public sealed interface CasOutcome {

    <T> T fold(Function<Applied, T> applied, Function<Refused, T> refused);

    /**
     * The row was at the expected version and now is at this one.
     *
     * @param version the new version
     */
    record Applied(RowVersion version) implements CasOutcome {
        public Applied {
            Objects.requireNonNull(version, "version");
        }

        @Override
        public <T> T fold(Function<Applied, T> applied, Function<Refused, T> refused) {
            return applied.apply(this);
        }
    }

    /**
     * The last attempt was definitely not applied: the row was at another version.
     *
     * @param observed the row that refused, as it was at that moment ({@link RowHead#ABSENT} if there was none), where the
     *     store reports it in the same request; {@code null} where it does not, and the caller reads
     * @param ambiguousAttempt an earlier attempt of this same call went unanswered, so the refusal may be of our own
     *     making. Hiding that loses data: a refusal then looks like somebody else's write
     */
    record Refused(@Nullable RowHead observed, boolean ambiguousAttempt) implements CasOutcome {
        @Override
        public <T> T fold(Function<Applied, T> applied, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }
}
