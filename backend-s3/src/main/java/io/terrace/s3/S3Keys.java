// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.Determinacy;
import io.terrace.InvalidObjectIdException;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Names objects after their blobs: the prefix, a slash, the storage path of the blob as it is. */
final class S3Keys {

    /** What S3 takes, in UTF-8. */
    private static final int MAX_BYTES = 1024;

    private final String root;

    /** @param prefix with or without a slash at its end; empty if the objects lie at the top of the bucket */
    S3Keys(String prefix) {
        this.root = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /** The name of a blob's object. */
    String of(BlobId id) {
        String key = root + id.storedName();
        // No character takes more than three bytes.
        int bytes = key.length() <= MAX_BYTES / 3 ? 0 : key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new TooLargeException(
                    S3Errors.BACKEND,
                    "The name of the blob has " + bytes + " bytes, its prefix included, and S3 takes " + MAX_BYTES
                            + ". Use a shorter key, or fewer scopes.",
                    Determinacy.NOT_APPLIED);
        }
        return key;
    }

    /**
     * What the names of all objects begin with whose paths begin with the prefix. Cut before what XML cannot hold: not every
     * store encodes it in its answer, and who lists looks at each name anyway.
     */
    String beginning(String prefix) {
        int end = 0;
        while (end < prefix.length() && isXml(prefix.codePointAt(end))) {
            end += Character.charCount(prefix.codePointAt(end));
        }
        return root + prefix.substring(0, end);
    }

    private static boolean isXml(int character) {
        return character >= 0x20
                && !(character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)
                && character != 0xFFFE
                && character != 0xFFFF;
    }

    /** The blob of an object, if the object is one of ours and the path of what it belongs to begins with the prefix. */
    Optional<BlobId> blobOf(String key, String prefix) {
        if (!key.startsWith(root)) {
            return Optional.empty();
        }
        try {
            BlobId id = BlobId.fromStoragePath(key.substring(root.length()));
            // S3's prefix reaches into the UUID.
            return Optional.of(id).filter(blob -> blob.object().storagePath().startsWith(prefix));
        } catch (InvalidObjectIdException notOurs) {
            return Optional.empty();
        }
    }
}
