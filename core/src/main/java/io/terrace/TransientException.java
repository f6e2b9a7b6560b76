// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * A failure that can pass by itself: the same call may succeed later.
 *
 * <p>Retry with backoff. If {@link #determinacy()} is {@link Determinacy#UNKNOWN}, the first attempt may still take effect.
 */
public abstract class TransientException extends TerraceException {
    private static final long serialVersionUID = 1L;

    /** See {@link TerraceException#TerraceException}. */
    protected TransientException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }

    @Override
    public final boolean retryable() {
        return true;
    }
}
