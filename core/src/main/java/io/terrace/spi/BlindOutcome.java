// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;
import java.util.function.Function;

/** How a blind operation ended, when that is known. An unknown outcome is an error. */
public sealed interface BlindOutcome {

    <T> T fold(Function<Done, T> done, Function<Tombstoned, T> tombstoned);

    /**
     * The operation took effect, or there was nothing to do.
     *
     * @param version the version of the row afterwards; of a delete that wrote nothing, the version that was found
     */
    record Done(RowVersion version) implements BlindOutcome {
        public Done {
            Objects.requireNonNull(version, "version");
        }

        @Override
        public <T> T fold(Function<Done, T> done, Function<Tombstoned, T> tombstoned) {
            return done.apply(this);
        }
    }

    /**
     * Nothing was changed, because the row is a tombstone: live, expired or dead.
     *
     * @param head the tombstone that was in the way
     */
    record Tombstoned(RowHead head) implements BlindOutcome {
        public Tombstoned {
            if (head.kind() != RowKind.TOMBSTONE) {
                throw new IllegalArgumentException("a blind operation is refused by tombstones only, not by " + head);
            }
        }

        @Override
        public <T> T fold(Function<Done, T> done, Function<Tombstoned, T> tombstoned) {
            return tombstoned.apply(this);
        }
    }
}
