// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.util.Objects;
import java.util.function.Function;

/** A value write: what {@link HighVolumeBackend#compareAndSet} puts in the place of a row, at bump counter 0. */
public sealed interface RowWrite {

    /** Fresh for this value write; when the identical write is attempted again, the same. */
    WriteId writeId();

    /** Applies the one function that is for this kind of write, and returns what it returns. */
    <T> T fold(Function<Inline, T> inline, Function<Tombstone, T> tombstone, Function<Marker, T> marker);

    /** The row takes the payload itself. */
    record Inline(WriteId writeId, InlineObject object) implements RowWrite {
        public Inline {
            Objects.requireNonNull(writeId, "writeId");
            Objects.requireNonNull(object, "object");
        }

        @Override
        public <T> T fold(Function<Inline, T> inline, Function<Tombstone, T> tombstone, Function<Marker, T> marker) {
            return inline.apply(this);
        }
    }

    /**
     * The row points to a blob. It carries the object's full metadata, so that a HEAD of a large object is one read of
     * the high-volume tier.
     */
    record Tombstone(WriteId writeId, BlobId target, ObjectMetadata metadata, Deadline deadline) implements RowWrite {
        public Tombstone {
            Objects.requireNonNull(writeId, "writeId");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(metadata, "metadata");
            Objects.requireNonNull(deadline, "deadline");
        }

        @Override
        public <T> T fold(Function<Inline, T> inline, Function<Tombstone, T> tombstone, Function<Marker, T> marker) {
            return tombstone.apply(this);
        }
    }

    /** The object is deleted; the row stays, see {@link RowKind#MARKER}. */
    record Marker(WriteId writeId) implements RowWrite {
        public Marker {
            Objects.requireNonNull(writeId, "writeId");
        }

        @Override
        public <T> T fold(Function<Inline, T> inline, Function<Tombstone, T> tombstone, Function<Marker, T> marker) {
            return marker.apply(this);
        }
    }
}
