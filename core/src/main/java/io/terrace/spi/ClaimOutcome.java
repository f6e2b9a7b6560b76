// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a claim found.
 *
 * @param kind see {@link Kind}
 * @param entry the entry after the claim; {@code null} exactly if it is gone
 */
public record ClaimOutcome(Kind kind, @Nullable ChangeEntry entry) {

    /** The three answers. */
    public enum Kind {
        /** The entry is claimed now, by this call or an earlier one. */
        CLAIMED,
        /** There is no such entry: its change is settled. */
        GONE,
        /** Only its old blobs are left. */
        DEFERRED
    }

    public static final ClaimOutcome GONE = new ClaimOutcome(Kind.GONE, null);

    public ClaimOutcome {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.GONE) != (entry == null)) {
            throw new IllegalArgumentException(kind + " with entry " + entry);
        }
    }

    public static ClaimOutcome of(ChangeEntry entry) {
        return new ClaimOutcome(entry.state() == ChangeEntry.State.DEFERRED ? Kind.DEFERRED : Kind.CLAIMED, entry);
    }

    public Optional<ChangeEntry> found() {
        return Optional.ofNullable(entry);
    }
}
