// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * A part of an upload: what storing it was answered with, and what its completion names it by.
 *
 * @param number its place among the parts, from 1; gaps are allowed
 * @param etag what the store calls its content, opaque and without quotes: other bytes have another one
 */
public record UploadedPart(int number, String etag) {

    public UploadedPart {
        Objects.requireNonNull(etag, "etag");
    }
}
