// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Put of a small value, or delete if there is no value: blind, and with an entry if a tombstone is in the way. */
record SmallWrite(String name, @Nullable String value) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        io.ask(new Op.Put(name, value));
        Rpc<RowCalls.Blind> blind =
                value == null ? new RowCalls.BlindDelete(name + "b") : new RowCalls.BlindPut(name + "b", value);
        RowCalls.Blind done = io.send(blind);
        if (done == null && io.breaks(Rule.BLIND_CALL_REPEATED)) {
            done = io.send(blind);
        }
        if (done == null) {
            io.answer(name, Op.UNKNOWN);
            return null;
        }
        if (done.obstacle() == null) {
            io.answer(name, Op.OK);
            return null;
        }
        return new OverTombstone(Change.small(name, value, done.obstacle()));
    }

    private record OverTombstone(Change change) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            boolean unpinned = io.rules().has(Rules.Option.PINS)
                    && io.breaks(Rule.PINS_READ_BEFORE_COMMIT)
                    && !io.isTrue(new LogCalls.IsPinned());
            if (!io.isTrue(new LogCalls.Append(change.name(), change.entry()))) {
                io.answer(change.name(), Op.NOT_APPLIED);
                return new CleanUp(change.name(), null, List.of(), false);
            }
            CommitLoop.Outcome outcome = CommitLoop.run(io, change);
            io.answer(change.name(), outcome.answer());
            return CleanUp.after(io, change, outcome, unpinned);
        }
    }
}
