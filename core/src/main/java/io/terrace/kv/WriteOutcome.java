// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a conditional write ended, when that is known. An unknown outcome is an error. */
public sealed interface WriteOutcome {

    /** Applies the one function that is for this outcome, and returns what it returns. */
    <T> T fold(Function<Written, T> written, Function<Refused, T> refused);

    /**
     * The value is there, and its writer is its owner.
     *
     * @param revision the new revision
     */
    record Written(Revision revision) implements WriteOutcome {
        public Written {
            Objects.requireNonNull(revision, "revision");
        }

        @Override
        public <T> T fold(Function<Written, T> written, Function<Refused, T> refused) {
            return written.apply(this);
        }
    }

    /**
     * The key was not as the caller required. Nothing was changed.
     *
     * @param entry what was found instead; {@code null} if there was nothing
     */
    record Refused(@Nullable Entry entry) implements WriteOutcome {

        /** What was found instead; empty if there was nothing. */
        public Optional<Entry> current() {
            return Optional.ofNullable(entry);
        }

        @Override
        public <T> T fold(Function<Written, T> written, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }
}
