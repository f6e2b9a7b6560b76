// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change in flight: enough to finish or undo it when nobody remembers it.
 *
 * @param id its id
 * @param object the object that is changed
 * @param newBlob the blob that the change brings, or {@code null}
 * @param base the write id of the row that the change started from; {@link WriteId#NONE} for ABSENT
 * @param oldBlobs the blobs that become garbage when the change is committed
 * @param state see {@link State}
 */
public record ChangeEntry(
        EntryId id, ObjectId object, @Nullable BlobId newBlob, WriteId base, List<BlobId> oldBlobs, State state) {

    /** An entry goes from open to claimed to removed, and to deferred while a pin keeps its blobs. Never back. */
    public enum State {
        /** Its writer is at work, or died. */
        OPEN,
        /** A resolver has taken it over: its writer must not send a compare-and-set against a version read later. */
        CLAIMED,
        /** Its change is settled; only the old blobs wait for a pin to go. */
        DEFERRED
    }

    public ChangeEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(state, "state");
        oldBlobs = List.copyOf(oldBlobs);
        if (newBlob != null && !newBlob.uuid().equals(id.uuid())) {
            throw new IllegalArgumentException("an entry that brings a blob lies under the blob's uuid: " + newBlob);
        }
    }

    public static ChangeEntry open(
            EntryId id, ObjectId object, @Nullable BlobId newBlob, WriteId base, List<BlobId> oldBlobs) {
        return new ChangeEntry(id, object, newBlob, base, oldBlobs, State.OPEN);
    }

    public ChangeEntry claimed() {
        return new ChangeEntry(id, object, newBlob, base, oldBlobs, State.CLAIMED);
    }

    public ChangeEntry rebased(WriteId newBase) {
        return new ChangeEntry(id, object, newBlob, newBase, oldBlobs, state);
    }

    /** The entry that a deferral leaves: it brings nothing any more and only names what is to be deleted. */
    public static ChangeEntry deferred(EntryId id, List<BlobId> oldBlobs) {
        if (oldBlobs.isEmpty()) {
            throw new IllegalArgumentException(
                    "a deferral names at least one blob; remove the entry " + id + " instead");
        }
        return new ChangeEntry(id, oldBlobs.get(0).object(), null, WriteId.NONE, oldBlobs, State.DEFERRED);
    }
}
