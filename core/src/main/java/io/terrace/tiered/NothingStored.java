// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;

/** Errors of the steps before the first compare-and-set: whatever became of the step, the object is what it was. */
final class NothingStored {

    private NothingStored() {}

    static Throwable because(Throwable error) {
        if (error instanceof TerraceException known && known.determinacy() == Determinacy.UNKNOWN) {
            return new BackendUnavailableException(
                    known.backend(),
                    "A step that prepares the write was not answered. The object is unchanged; write again.",
                    Determinacy.NOT_APPLIED,
                    error);
        }
        return error;
    }
}
