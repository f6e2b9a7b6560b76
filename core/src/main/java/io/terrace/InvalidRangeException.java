// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * A range, or a header that carries one, is malformed. See {@link RangeNotSatisfiableException} for a well-formed range
 * that lies outside the object.
 */
public final class InvalidRangeException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "range.invalid";

    /** A failure that involved no backend and had no effect. */
    public InvalidRangeException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }
}
