// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import java.util.Objects;
import java.util.UUID;

/**
 * Names one blob in the long-term tier. It is used for one upload and never again.
 *
 * @param object the object whose value the blob was written to be; not a promise that it still is
 * @param uuid a version 7 UUID: its time lets a scan begin with the oldest
 */
public record BlobId(ObjectId object, UUID uuid) {

    private static final UUID NIL = new UUID(0, 0);

    public BlobId {
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(uuid, "uuid");
    }

    /**
     * The blob at the object's own path: from a store whose uploads had no names of their own. Such a blob is read and deleted like
     * others, and never written.
     */
    public static BlobId ofObject(ObjectId object) {
        return new BlobId(object, NIL);
    }

    /**
     * The name under which a long-term tier keeps it: the {@linkplain #storagePath() storage path}, and that of the object
     * itself for a blob {@link #ofObject}. A listing reports names of the first form only.
     */
    public String storedName() {
        return uuid.equals(NIL) ? object.storagePath() : storagePath();
    }

    /** The object's storage path, a slash, and the UUID: unique, and by its last segment invertible. */
    public String storagePath() {
        return object.storagePath() + "/" + uuid;
    }

    /** The inverse of {@link #storagePath()}. */
    public static BlobId fromStoragePath(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            throw notABlob(path);
        }
        String tail = path.substring(slash + 1);
        UUID uuid;
        try {
            uuid = UUID.fromString(tail);
        } catch (IllegalArgumentException notAUuid) {
            throw notABlob(path);
        }
        // UUID.fromString also reads shortened forms, which would make two paths name one blob.
        if (!uuid.toString().equals(tail)) {
            throw notABlob(path);
        }
        return new BlobId(ObjectId.fromStoragePath(path.substring(0, slash)), uuid);
    }

    private static InvalidObjectIdException notABlob(String path) {
        return new InvalidObjectIdException("'" + path + "' is not the path of a blob: its last segment must be the "
                + "blob's UUID in lower case, as in 'usecase/objects/key/01890a5d-ac96-774b-bcce-b302099a8057'.");
    }

    @Override
    public String toString() {
        return storagePath();
    }
}
