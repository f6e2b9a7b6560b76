// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a bump changes besides the version. It never changes the value: write id, payload and target stay.
 *
 * @param kind see {@link Kind}
 * @param whenAbsent the bump counter of the marker that a bump of an absent row writes. Random, so that no version but
 *     ABSENT ever comes back after the marker was collected
 * @param deadline the new deadline, or {@code null} to keep it
 * @param metadata the new metadata, or {@code null} to keep it
 */
public record RowChange(
        Kind kind,
        long whenAbsent,
        @Nullable Deadline deadline,
        @Nullable ObjectMetadata metadata) {

    /** The reasons to bump a row. */
    public enum Kind {
        /** Changes nothing but the version, so that a compare-and-set that expects the old one can never land. */
        FENCE,
        /** Replaces deadline or metadata, or both, of a row that has a value. */
        UPDATE,
        /**
         * Replaces deadline and metadata of a value that is still alive, by the clock of whoever carries this out. Of one that
         * has expired it is refused, at the right version too: otherwise a touch that arrives late would bring back an
         * object that readers have missed.
         */
        TOUCH,
        /** Turns a {@link Deadline#DEAD dead} tombstone whose blob is gone into a marker. Keeps the write id. */
        RETIRE
    }

    public RowChange {
        if (kind == Kind.TOUCH && (deadline == null || metadata == null)) {
            throw new IllegalArgumentException("a touch needs both the deadline and the metadata that names it");
        }
        if (kind != Kind.UPDATE && kind != Kind.TOUCH && (deadline != null || metadata != null)) {
            throw new IllegalArgumentException(kind + " changes neither deadline nor metadata");
        }
        if (kind == Kind.UPDATE && deadline == null && metadata == null) {
            throw new IllegalArgumentException(
                    "an update changes the deadline or the metadata; use a fence to change nothing");
        }
        if (whenAbsent == 0) {
            throw new IllegalArgumentException("a bump of an absent row must not produce the version of an absent row");
        }
    }

    /** Changes the version alone; of an absent row it makes a marker with this counter, which is not 0. */
    public static RowChange fence(long whenAbsent) {
        return new RowChange(Kind.FENCE, whenAbsent, null, null);
    }

    /** Replaces the deadline, and keeps the metadata. */
    public static RowChange deadline(Deadline deadline) {
        return new RowChange(Kind.UPDATE, 1, deadline, null);
    }

    /** Replaces metadata and deadline. */
    public static RowChange metadata(ObjectMetadata metadata, Deadline deadline) {
        return new RowChange(Kind.UPDATE, 1, deadline, metadata);
    }

    /** Replaces both, unless the row is past its deadline: then it is refused. (HV-6.14) */
    public static RowChange touch(ObjectMetadata metadata, Deadline deadline) {
        return new RowChange(Kind.TOUCH, 1, deadline, metadata);
    }

    /** Turns a dead tombstone into a marker of the same write id. */
    public static RowChange retire() {
        return new RowChange(Kind.RETIRE, 1, null, null);
    }

    /** Whether this change is refused at the right version too: a touch of a row that is past its deadline. (HV-6.14) */
    public boolean isTooLateFor(RowHead current, long nowMicros) {
        return kind == Kind.TOUCH && current.deadline().isPastAt(nowMicros);
    }

    /**
     * The head that this change makes of another one, for backends to share; they ask {@link #isTooLateFor} before.
     *
     * @throws IllegalArgumentException if the change does not fit the row: UPDATE or TOUCH without a value, RETIRE of anything
     *     but a dead tombstone
     */
    public RowHead applyTo(RowHead current, long nowMicros) {
        RowVersion next = current.version().bumped(whenAbsent);
        if (kind == Kind.RETIRE) {
            if (current.kind() != RowKind.TOMBSTONE || !current.deadline().isDead()) {
                throw new IllegalArgumentException("only a dead tombstone can be retired, not " + current);
            }
            return new RowHead(RowKind.MARKER, next, Deadline.NONE, nowMicros, null, null);
        }
        if (current.isAbsent()) {
            if (kind != Kind.FENCE) {
                throw new IllegalArgumentException("an absent row has nothing to update");
            }
            return new RowHead(RowKind.MARKER, next, Deadline.NONE, nowMicros, null, null);
        }
        if (kind != Kind.FENCE && current.metadata() == null) {
            throw new IllegalArgumentException("a marker has nothing to update");
        }
        return new RowHead(
                current.kind(),
                next,
                deadline == null ? current.deadline() : deadline,
                nowMicros,
                metadata == null ? current.metadata() : metadata,
                current.target());
    }
}
