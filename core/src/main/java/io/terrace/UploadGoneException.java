// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * There is no such upload in parts: it was completed or aborted, it was given up because it was too old, or it never began.
 * The call had no effect.
 */
public final class UploadGoneException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "upload.gone";

    public UploadGoneException(String backend, String message) {
        super(backend, CODE, message, Determinacy.NOT_APPLIED, null);
    }
}
