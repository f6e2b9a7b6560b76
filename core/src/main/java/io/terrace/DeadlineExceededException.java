// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The operation did not finish in its time. A write that reached a backend is {@link Determinacy#UNKNOWN}.
 */
public final class DeadlineExceededException extends TransientException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "deadline.exceeded";

    /** A backend's failure without a cause worth keeping. */
    public DeadlineExceededException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public DeadlineExceededException(
            String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public DeadlineExceededException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
