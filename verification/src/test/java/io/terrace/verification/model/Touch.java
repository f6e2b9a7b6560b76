// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/**
 * R12: renews the deadline of an object that was read.
 *
 * @param skew how far the clock of the process is ahead
 * @param guard how long before the deadline it does not try any more
 * @param patience how long the request may take
 */
record Touch(String name, int skew, int guard, int patience) implements Script {

    Touch(String name) {
        this(name, 0, 0, 0);
    }

    @Override
    public @Nullable Script run(Calls io) {
        io.ask(new Op.Renew(name));
        Row row = io.readRow();
        if (!row.hasValue()) {
            io.answer(name, Op.NOT_APPLIED);
            return null;
        }
        int now = Clock.now(io, skew);
        if (row.isExpired(now + guard)) {
            io.answer(name, Op.NOT_APPLIED);
            return null;
        }
        Row renewed = row.bumped().withDeadline(Row.NEVER);
        if (io.breaks(Rule.TOUCH_REWRITES)) {
            io.call(new RowCalls.Overwrite(renewed));
            return null;
        }
        Boolean applied = io.send(new RowCalls.Touch(row.version(), renewed, now - skew + patience));
        io.answer(name, applied == null ? Op.UNKNOWN : applied ? Op.OK : Op.NOT_APPLIED);
        return null;
    }
}
