// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The backend asked the caller to slow down.
 */
public final class ThrottledException extends TransientException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "backend.throttled";

    /** A backend's failure without a cause worth keeping. */
    public ThrottledException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public ThrottledException(String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public ThrottledException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
