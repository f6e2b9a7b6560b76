// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * A scope, context, key or storage path breaks the rules of object ids.
 */
public final class InvalidObjectIdException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "object-id.invalid";

    /** A failure that involved no backend and had no effect. */
    public InvalidObjectIdException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }
}
