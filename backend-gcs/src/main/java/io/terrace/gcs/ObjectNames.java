// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.Determinacy;
import io.terrace.InvalidObjectIdException;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the objects of blobs are called: the prefix, and then the storage path as it is. */
final class ObjectNames {

    private static final int MAX_BYTES = 1024;

    private final String prefix;

    ObjectNames(String prefix) {
        this.prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /** @throws TooLargeException if the store has no name that long */
    String of(BlobId id) {
        String name = prefix + id.storedName();
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new TooLargeException(
                    GcsErrors.BACKEND,
                    "The name of the blob " + id + " has " + bytes + " bytes with its prefix, and a name has at most "
                            + MAX_BYTES + ". Use a shorter key, or a shorter prefix.",
                    Determinacy.NOT_APPLIED);
        }
        return name;
    }

    /** What the names begin with of all objects whose path begins with that. */
    String beginningWith(String objectPath) {
        return prefix + objectPath;
    }

    /** The blob of a name, if it is one of ours and the path of its object begins with that. */
    @Nullable
    BlobId blobOf(String name, String objectPath) {
        if (!name.startsWith(prefix)) {
            return null;
        }
        try {
            BlobId id = BlobId.fromStoragePath(name.substring(prefix.length()));
            // The store's prefix reaches into the UUID (LT-6.2).
            return id.object().storagePath().startsWith(objectPath) ? id : null;
        } catch (InvalidObjectIdException notOurs) {
            return null;
        }
    }

    String prefix() {
        return prefix;
    }
}
