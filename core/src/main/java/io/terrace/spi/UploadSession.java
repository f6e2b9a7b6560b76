// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.util.Objects;

/**
 * A store's own name of an upload in parts.
 *
 * @param blob the blob that the upload will become
 * @param token the store's handle; opaque to everybody else, and not shown to clients: of some stores it is all that is
 *     needed to write
 */
public record UploadSession(BlobId blob, String token) {

    public UploadSession {
        Objects.requireNonNull(blob, "blob");
        Objects.requireNonNull(token, "token");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "upload of " + blob;
    }
}
