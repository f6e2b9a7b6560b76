// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a blob without reading it.
 *
 * @param id its id
 * @param size its length in bytes
 * @param metadata the metadata it was written with, whole; a copy, so that the tier can be read alone. The row is what
 *     counts. {@code null} if the store could not keep it: some allow a blob 2 KiB of metadata, an object may have more
 */
public record BlobInfo(BlobId id, long size, @Nullable ObjectMetadata metadata) {

    public BlobInfo {
        Objects.requireNonNull(id, "id");
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
    }
}
