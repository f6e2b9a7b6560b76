// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.TerraceException;

/**
 * What callers are told of a failed call of an upload. Other than a put, it may be repeated whatever became of it, so an
 * unknown outcome is a retryable error here.
 */
final class UploadErrors {

    private UploadErrors() {}

    /** Leaves errors alone that say what happened. */
    static Throwable mayHaveHappened(Throwable error, String call, ObjectId object) {
        return error instanceof TerraceException known && known.determinacy() == Determinacy.NOT_APPLIED
                ? error
                : unknown(error, call, object);
    }

    static BackendUnavailableException unknown(Throwable cause, String call, ObjectId object) {
        String backend = cause instanceof TerraceException known ? known.backend() : "";
        return new BackendUnavailableException(
                backend,
                "The " + call + " of an upload of '" + object.storagePath()
                        + "' may or may not have taken effect, or may still do so. Repeat it: that is safe.",
                Determinacy.UNKNOWN,
                cause);
    }
}
