// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * Stored data is not what was written, or is in a format that cannot be read.
 */
public final class IntegrityException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "data.corrupt";

    /** A failure that involved no backend and had no effect. */
    public IntegrityException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }

    /** A failure that involved no backend and had no effect, with its cause. */
    public IntegrityException(String message, @Nullable Throwable cause) {
        super("", CODE, message, Determinacy.NOT_APPLIED, cause);
    }

    /** A backend's failure without a cause worth keeping. */
    public IntegrityException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public IntegrityException(String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public IntegrityException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
