// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;
import java.util.UUID;

/**
 * Names a log entry. The entry of a change that brings a blob lies under the blob's UUID, so that "does the log refer to
 * this blob" is one point read.
 */
public record EntryId(UUID uuid) implements Comparable<EntryId> {

    public EntryId {
        Objects.requireNonNull(uuid, "uuid");
    }

    public static EntryId of(BlobId newBlob) {
        return new EntryId(newBlob.uuid());
    }

    @Override
    public int compareTo(EntryId other) {
        return uuid.compareTo(other.uuid);
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
