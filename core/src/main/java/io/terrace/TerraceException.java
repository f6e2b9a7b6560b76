// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error that Terrace signals.
 *
 * <p>Decide by {@link #determinacy()} and {@link #retryable()}, not by the message: the first says whether the operation
 * may have had an effect, the second whether the same call can succeed later without anything being changed.
 */
public abstract class TerraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String backend;
    private final String code;
    private final Determinacy determinacy;

    /**
     * @param backend the name of the backend that failed, empty if none was involved
     * @param code a stable dotted code, for example {@code object-id.invalid}
     * @param message what happened, where, and what to do; never a secret
     */
    protected TerraceException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(message, cause);
        this.backend = backend;
        this.code = code;
        this.determinacy = determinacy;
    }

    /** A stable, dotted code for logs, metrics and tests. */
    public final String code() {
        return code;
    }

    /** The name of the backend that failed, or the empty string if none was involved. */
    public final String backend() {
        return backend;
    }

    /** Whether the failed operation is known to have had no effect. */
    public final Determinacy determinacy() {
        return determinacy;
    }

    /** Whether repeating the same call later can succeed. Says nothing about whether repeating it is safe. */
    public abstract boolean retryable();
}
