// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.util.Objects;

/**
 * What is known about a blob without reading it.
 *
 * @param id its id
 * @param size its length in bytes
 * @param metadata the metadata it was written with; a copy, so that the tier can be read alone. The row is what counts
 */
public record BlobInfo(BlobId id, long size, ObjectMetadata metadata) {

    public BlobInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(metadata, "metadata");
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
    }
}
