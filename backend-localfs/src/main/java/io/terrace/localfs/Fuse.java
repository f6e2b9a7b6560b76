// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.TerraceException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Blows when the disk did not confirm a write, and stays so: after a failed fsync nobody knows what is on the disk, and a
 * later success would prove nothing about it. Reads go on.
 */
final class Fuse {

    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** @throws TerraceException if it has blown; nothing was written */
    void check() {
        String why = reason.get();
        if (why != null) {
            throw new BackendUnavailableException(
                    LocalFsErrors.BACKEND,
                    "Nothing is written any more, since the disk failed: " + why
                            + ". Check the disk, then open the store again.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /** Looks at an error that a write ended with, and gives it its meaning. */
    TerraceException judge(String what, IOException e) {
        if (e instanceof NotDurableException broken && !broken.isHarmless()) {
            reason.compareAndSet(null, e.getMessage() + " (" + e.getCause() + ")");
        }
        return LocalFsErrors.of(what, e);
    }

    /** Why it has blown, or {@code null}. */
    @Nullable
    String reason() {
        return reason.get();
    }
}
