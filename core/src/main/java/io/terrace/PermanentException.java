// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * A failure that repeats until the caller, the configuration or the stored data is changed.
 */
public abstract class PermanentException extends TerraceException {
    private static final long serialVersionUID = 1L;

    /** See {@link TerraceException#TerraceException}. */
    protected PermanentException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }

    @Override
    public final boolean retryable() {
        return false;
    }
}
