// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The object is not in the state that the caller required. Nothing was changed.
 */
public final class PreconditionFailedException extends TerraceException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "precondition.failed";

    private final @Nullable String currentVersion;

    /** There is no object, or its version is not known. */
    public PreconditionFailedException(String backend, String message) {
        this(backend, message, null);
    }

    /** The {@linkplain ObjectInfo#etag() etag} that the object has instead of the required one. */
    public PreconditionFailedException(String backend, String message, @Nullable String currentVersion) {
        super(backend, CODE, message, Determinacy.NOT_APPLIED, null);
        this.currentVersion = currentVersion;
    }

    /** The etag that the object has now; empty if there is no object, or it is not known. */
    public Optional<String> currentVersion() {
        return Optional.ofNullable(currentVersion);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
