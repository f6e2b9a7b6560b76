// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** R9: the deletion of blobs that may once have been committed. */
final class Release {
    private Release() {}

    /**
     * Deletes blobs unless a pin holds them.
     *
     * @param entry the entry that answers for them, {@code null} if there is none and the caller comes back later
     * @return false: not deleted
     */
    static boolean of(Calls io, @Nullable String entry, List<String> blobs) {
        if (blobs.isEmpty()) {
            return true;
        }
        boolean pins = io.rules().has(Rules.Option.PINS) && !io.breaks(Rule.PINS_READ_BEFORE_COMMIT);
        if (pins && io.isTrue(new LogCalls.IsPinned())) {
            if (entry == null) {
                return false;
            }
            io.call(new LogCalls.Defer(entry, blobs));
            if (io.breaks(Rule.NO_SECOND_LOOK_AT_PINS) || io.isTrue(new LogCalls.IsPinned())) {
                return false;
            }
        }
        delete(io, blobs);
        return true;
    }

    static void delete(Calls io, List<String> blobs) {
        blobs.forEach(blob -> io.call(new BlobCalls.Delete(blob)));
    }
}
