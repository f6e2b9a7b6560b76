// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * What is known about a stored part.
 *
 * @param number its place among the parts, from 1
 * @param etag what the store calls its content
 * @param size its length in bytes
 * @param modifiedMicros when it was stored, in microseconds since the epoch, by the clock of the store
 */
public record PartInfo(int number, String etag, long size, long modifiedMicros) {

    public PartInfo {
        Objects.requireNonNull(etag, "etag");
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
    }

    /** What a completion names it by. */
    public UploadedPart uploaded() {
        return new UploadedPart(number, etag);
    }
}
