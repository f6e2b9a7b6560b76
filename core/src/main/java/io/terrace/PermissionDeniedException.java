// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The backend refused the credentials, or they do not allow the operation.
 */
public final class PermissionDeniedException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "permission.denied";

    /** A backend's failure without a cause worth keeping. */
    public PermissionDeniedException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public PermissionDeniedException(
            String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public PermissionDeniedException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
