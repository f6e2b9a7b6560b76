// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * The backend lacks an optional ability that the operation needs.
 */
public final class UnsupportedException extends PermanentException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "backend.unsupported";

    /**
     * @param backend the name of the backend
     * @param what the missing ability, as a noun phrase: "listing by prefix"
     */
    public UnsupportedException(String backend, String what) {
        super(
                backend,
                CODE,
                "backend '" + backend + "' does not support " + what + "; use a backend that declares it",
                Determinacy.NOT_APPLIED,
                null);
    }
}
