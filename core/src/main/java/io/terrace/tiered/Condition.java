// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.Precondition;
import io.terrace.PreconditionFailedException;
import io.terrace.spi.RowHead;
import org.jspecify.annotations.Nullable;

/**
 * What a caller requires of an object before it is changed, asked of a row. The row decides, and what has expired is absent.
 *
 * @param object the object
 * @param required what must hold of it
 */
record Condition(ObjectId object, Precondition required) {

    boolean isNone() {
        return required.isNone();
    }

    /** Says what is not as required; {@code null} if everything is. */
    @Nullable
    PreconditionFailedException failureAt(RowHead row, long nowMicros) {
        String etag = row.isLiveAt(nowMicros) ? row.writeId().toString() : null;
        boolean holds = required.fold(() -> true, () -> etag == null, wanted -> wanted.equals(etag));
        if (holds) {
            return null;
        }
        String wanted = required.fold(
                () -> "anything", () -> "that there is none", match -> "the one with the etag '" + match + "'");
        String found = etag == null ? "there is none" : "the one with the etag '" + etag + "' is there";
        return new PreconditionFailedException(
                "",
                "The object '" + object.storagePath() + "' is not as required: wanted was " + wanted + ", but " + found
                        + ". Nothing was changed.",
                etag);
    }
}
