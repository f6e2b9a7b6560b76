// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a row but its payload.
 *
 * @param kind what the row says
 * @param version its exact version
 * @param deadline when it expires; {@link Deadline#NONE} for a marker
 * @param lastWriteMicros when it was last written or bumped, by the writer's clock, microseconds since the epoch
 * @param metadata the object's metadata; {@code null} exactly for MARKER and ABSENT
 * @param target the blob; {@code null} exactly for everything but TOMBSTONE
 */
public record RowHead(
        RowKind kind,
        RowVersion version,
        Deadline deadline,
        long lastWriteMicros,
        @Nullable ObjectMetadata metadata,
        @Nullable BlobId target) {

    /** There is no row. */
    public static final RowHead ABSENT = new RowHead(RowKind.ABSENT, RowVersion.ABSENT, Deadline.NONE, 0, null, null);

    public RowHead {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(deadline, "deadline");
        boolean hasValue = kind == RowKind.INLINE || kind == RowKind.TOMBSTONE;
        if (hasValue != (metadata != null)) {
            throw new IllegalArgumentException("metadata goes with a value: " + kind + ", " + metadata);
        }
        if ((kind == RowKind.TOMBSTONE) != (target != null)) {
            throw new IllegalArgumentException("a target goes with a tombstone: " + kind + ", " + target);
        }
    }

    public WriteId writeId() {
        return version.writeId();
    }

    public boolean isAbsent() {
        return kind == RowKind.ABSENT;
    }

    /**
     * The same head at this version: to give it the store's {@linkplain RowVersion#token() token}, or the version that a
     * bump answered.
     */
    public RowHead withVersion(RowVersion next) {
        return new RowHead(kind, next, deadline, lastWriteMicros, metadata, target);
    }

    /** Whether a reader at that time finds a value here. */
    public boolean isLiveAt(long nowMicros) {
        return metadata != null && !deadline.isPastAt(nowMicros);
    }
}
