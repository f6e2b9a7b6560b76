// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * What one actor does, written down as if it were alone. It is run again from its beginning for each request, with the
 * answers so far, until it makes one request more. So it must be a function of its fields and of those answers; being a
 * record, it is equal to another that would do the same.
 */
interface Script {

    /**
     * Runs to the end.
     *
     * @return how the actor goes on, with all forgotten that is not in that script, or {@code null} if it is done. What two
     *     ways have led to is searched once
     */
    @Nullable
    Script run(Calls io);
}
