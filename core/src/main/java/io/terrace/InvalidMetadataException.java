// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * Object metadata, or a header that carries it, breaks the rules of metadata.
 */
public final class InvalidMetadataException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "metadata.invalid";

    /** A failure that involved no backend and had no effect. */
    public InvalidMetadataException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }
}
