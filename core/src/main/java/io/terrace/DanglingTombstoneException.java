// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * A row points to a blob that does not exist. The object is lost unless the blob comes back; report it, do not retry.
 */
public final class DanglingTombstoneException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "tombstone.dangling";

    /** A failure that involved no backend and had no effect. */
    public DanglingTombstoneException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }

    /** A backend's failure without a cause worth keeping. */
    public DanglingTombstoneException(String backend, String message, Determinacy determinacy) {
        this(backend, message, determinacy, null);
    }

    /** A backend's failure and the error of its client library. */
    public DanglingTombstoneException(
            String backend, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, CODE, message, determinacy, cause);
    }

    /** A backend's failure under a code of its own. */
    public DanglingTombstoneException(
            String backend, String code, String message, Determinacy determinacy, @Nullable Throwable cause) {
        super(backend, code, message, determinacy, cause);
    }
}
