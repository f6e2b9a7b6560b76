// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.InvalidObjectIdException;
import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where an object's files lie: {@code <use case>/<scope>/.../objects/<two digits of a hash>/<key>}, each segment encoded,
 * the key as one. The digits keep directories small; a blob's file has the blob's UUID after a dot.
 */
final class StorePaths {

    static final String OBJECTS = "objects";

    /** A path must fit into one system call, with room for the directory that the store is in. */
    private static final int MAX_CONTEXT_BYTES = 1024;

    private static final char BEFORE_UUID = '.';
    private static final int UUID_LENGTH = 36;

    private StorePaths() {}

    static Path row(Path directory, ObjectId id) {
        return directoryOf(directory, id).resolve(PathCodec.encode(id.key()));
    }

    static Path blob(Path directory, BlobId id) {
        return directoryOf(directory, id.object())
                .resolve(PathCodec.encode(id.object().key()) + BEFORE_UUID + id.uuid());
    }

    /** The lock that guards a row. */
    static int stripe(ObjectId id) {
        return hash(id) >>> 16;
    }

    /** Whether a file name could be that of a row. */
    static boolean isRow(String fileName) {
        return PathCodec.isHashed(fileName) || PathCodec.decode(fileName) != null;
    }

    /**
     * What the name of a blob's file says.
     *
     * @param key the object's key, {@code null} if it is hashed
     * @param uuid the blob's
     */
    record BlobName(@Nullable String key, UUID uuid) {

        /** The blob, if it is of the object with this path; {@code null} if that is no path of an object. */
        @Nullable
        BlobId of(String storagePath) {
            try {
                return new BlobId(ObjectId.fromStoragePath(storagePath), uuid);
            } catch (InvalidObjectIdException notOurs) {
                return null;
            }
        }
    }

    /** Reads the name of a blob's file; {@code null} if it is not one. */
    static @Nullable BlobName blobName(String fileName) {
        int dot = fileName.length() - UUID_LENGTH - 1;
        if (dot < 1 || fileName.charAt(dot) != BEFORE_UUID || !isUuid(fileName.substring(dot + 1))) {
            return null;
        }
        String key = fileName.substring(0, dot);
        return isRow(key) ? new BlobName(PathCodec.decode(key), UUID.fromString(fileName.substring(dot + 1))) : null;
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    private static Path directoryOf(Path directory, ObjectId id) {
        String context = id.context().storagePath();
        String parent = context.substring(0, context.length() - OBJECTS.length() - 2);
        StringBuilder encoded = new StringBuilder();
        for (String segment : parent.split("/")) {
            encoded.append(PathCodec.encode(segment)).append('/');
        }
        String name = encoded.length() > MAX_CONTEXT_BYTES ? PathCodec.hashed(parent) + "/" : encoded.toString();
        int bucket = hash(id) & 0xff;
        return directory.resolve(
                name + OBJECTS + "/" + Character.forDigit(bucket >> 4, 16) + Character.forDigit(bucket & 0xf, 16));
    }

    private static int hash(ObjectId id) {
        CRC32C crc = new CRC32C();
        crc.update(id.storagePath().getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
