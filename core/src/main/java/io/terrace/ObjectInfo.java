// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * What is known about an object without reading it.
 *
 * @param id its id
 * @param metadata its metadata; {@link ObjectMetadata#size()} is known
 * @param etag changes exactly when the object's bytes are written anew
 */
public record ObjectInfo(ObjectId id, ObjectMetadata metadata, String etag) {

    public ObjectInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(etag, "etag");
    }

    /** Its length in bytes. */
    public long size() {
        return metadata.size();
    }
}
