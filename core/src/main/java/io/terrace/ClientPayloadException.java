// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * The caller's own publisher failed while its bytes were being stored. The cause is the publisher's error.
 *
 * <p>No backend is to blame, so nothing is retried, and nothing was stored.
 */
public final class ClientPayloadException extends TerraceException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "payload.failed";

    /** @param cause the error of the caller's publisher */
    public ClientPayloadException(Throwable cause) {
        this("the publisher of the payload failed; nothing was stored, repair the publisher and write again", cause);
    }

    /** A payload that is wrong in itself, such as one of another length than announced. */
    public ClientPayloadException(String message) {
        super("", CODE, message, Determinacy.NOT_APPLIED, null);
    }

    /** @param cause the error of the caller's publisher */
    public ClientPayloadException(String message, Throwable cause) {
        super("", CODE, message, Determinacy.NOT_APPLIED, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
