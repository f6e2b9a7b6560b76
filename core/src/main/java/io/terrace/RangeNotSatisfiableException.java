// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * A well-formed range selects no byte of the object.
 */
public final class RangeNotSatisfiableException extends TerraceException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "range.not-satisfiable";

    private final long total;

    /** @param total the size of the object in bytes */
    public RangeNotSatisfiableException(long total) {
        this("", total);
    }

    /** @param total the size of the object in bytes */
    public RangeNotSatisfiableException(String backend, long total) {
        super(
                backend,
                CODE,
                "the range selects no byte of an object of " + total + " bytes; ask for a range inside the object",
                Determinacy.NOT_APPLIED,
                null);
        this.total = total;
    }

    /** The size of the object in bytes. */
    public long total() {
        return total;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
