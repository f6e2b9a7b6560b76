// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.BlobId;
import org.jspecify.annotations.Nullable;

/**
 * Something that an inspection noticed.
 *
 * @param kind what it is
 * @param object the object concerned; {@code null} if it cannot be told
 * @param blob the blob concerned, if there is one
 * @param detail what was found and what to do, for a person
 */
public record Finding(
        Kind kind, @Nullable ObjectId object, @Nullable BlobId blob, String detail) {

    /** The kinds of findings. */
    public enum Kind {
        /** A row points to a blob that does not exist: an object is lost. */
        DANGLING(true),
        /** Nothing points to a blob, and no change in flight speaks for it: space is lost. A sweep deletes it. */
        ORPHAN(true),
        /** What is stored is not what was written. */
        CORRUPT(true),
        /** An object is past its deadline and still takes up space. */
        EXPIRED(false),
        /** A change is in flight, or was left by a writer that died. A recovery settles it. */
        OPEN_CHANGE(false);

        private final boolean fault;

        Kind(boolean fault) {
            this.fault = fault;
        }

        /** Whether this should never be found in a store at rest; the others are ordinary states. */
        public boolean isFault() {
            return fault;
        }
    }
}
