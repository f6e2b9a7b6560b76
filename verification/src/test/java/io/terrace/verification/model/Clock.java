// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/** Time passes: so many ticks. */
record Clock(int ticks) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        if (ticks == 0) {
            return null;
        }
        io.call(new RowCalls.Tick());
        return new Clock(ticks - 1);
    }

    /** What a clock shows that is so far ahead. Asked only where time passes. */
    static int now(Calls io, int skew) {
        return io.rules().has(Rules.Option.CLOCK) ? io.call(new RowCalls.Now(skew)) : 0;
    }
}
