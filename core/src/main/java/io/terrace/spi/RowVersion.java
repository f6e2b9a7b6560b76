// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The exact version of a row: which value write, and how many bumps since. Equality, and every rule of the protocol,
 * looks at these two only.
 *
 * <p>The token is the store's own handle for the same version (an entity tag, a generation) where it has one. It lets
 * such a store compare in one request instead of two; a backend must also accept a version without it.
 */
public final class RowVersion {

    /** The version of a row that does not exist. */
    public static final RowVersion ABSENT = new RowVersion(WriteId.NONE, 0, null);

    private final WriteId writeId;
    private final long bump;
    private final @Nullable Object token;

    private RowVersion(WriteId writeId, long bump, @Nullable Object token) {
        this.writeId = Objects.requireNonNull(writeId, "writeId");
        this.bump = bump;
        this.token = token;
    }

    /** The version after so many bumps of what the write wrote; no token. */
    public static RowVersion of(WriteId writeId, long bump) {
        return new RowVersion(writeId, bump, null);
    }

    /** The same version, with the store's own handle for it, or {@code null}. */
    public static RowVersion of(WriteId writeId, long bump, @Nullable Object token) {
        return new RowVersion(writeId, bump, token);
    }

    public WriteId writeId() {
        return writeId;
    }

    /** The bump counter, to be read as unsigned: a bump of an absent row starts at a random number. */
    public long bump() {
        return bump;
    }

    /** The store's own handle, or {@code null}; opaque to everybody but the backend that issued it. */
    public @Nullable Object token() {
        return token;
    }

    public boolean isAbsent() {
        return writeId.isNone() && bump == 0;
    }

    /**
     * The version that a bump of this one produces. Of {@link #ABSENT} it is {@code (none, whenAbsent)}. Never
     * {@link #ABSENT} itself, whatever number the counter began at.
     */
    public RowVersion bumped(long whenAbsent) {
        if (isAbsent()) {
            return of(WriteId.NONE, whenAbsent);
        }
        return of(writeId, writeId.isNone() && bump == -1 ? 1 : bump + 1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowVersion that && bump == that.bump && writeId.equals(that.writeId);
    }

    @Override
    public int hashCode() {
        return 31 * writeId.hashCode() + Long.hashCode(bump);
    }

    @Override
    public String toString() {
        return isAbsent() ? "absent" : writeId + "." + Long.toUnsignedString(bump);
    }
}
