// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The write may have happened, may not have happened, or may still happen.
 *
 * <p>Not retryable as it is: a blind repetition could overwrite a newer write. Read the object first, then decide.
 */
public final class OutcomeUnknownException extends TerraceException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "outcome.unknown";
    private static final String ADVICE = "; the write may or may not take effect: read the object before writing again";

    /** The message is completed with the advice to read first. */
    public OutcomeUnknownException(String backend, String message) {
        this(backend, message, null);
    }

    /** The message is completed with the advice to read first. */
    public OutcomeUnknownException(String backend, String message, @Nullable Throwable cause) {
        super(backend, CODE, message + ADVICE, Determinacy.UNKNOWN, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
