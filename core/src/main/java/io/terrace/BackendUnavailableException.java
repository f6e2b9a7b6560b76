// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The backend could not be reached, or answered that it cannot serve requests now.
 */
public final class BackendUnavailableException extends TransientException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "backend.unavailable";

    /** A backend's failure without a cause worth keeping. */
    public BackendUnavailableException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public BackendUnavailableException(
            String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public BackendUnavailableException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
