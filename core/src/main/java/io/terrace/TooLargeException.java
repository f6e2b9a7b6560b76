// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The object, its metadata or a part exceeds a limit.
 */
public final class TooLargeException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "size.too-large";

    /** A failure that involved no backend and had no effect. */
    public TooLargeException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }

    /** A backend's failure without a cause worth keeping. */
    public TooLargeException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public TooLargeException(String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public TooLargeException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
