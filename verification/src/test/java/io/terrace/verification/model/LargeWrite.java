// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Put of a large value. The upload can be seen by nobody and overlaps everything before {@link BlobCalls.Put}, which is the
 * step that makes the blob visible.
 */
record LargeWrite(String name, String value) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        io.ask(new Op.Put(name, value));
        String blob = Row.blob(value);
        Row base;
        boolean recorded;
        if (io.breaks(Rule.ROW_READ_AFTER_RECORD)) {
            recorded = io.isTrue(new LogCalls.Append(name, Entry.open(blob, Row.ABSENT)));
            base = io.readRow();
            recorded = recorded && io.isTrue(new LogCalls.Append(name, Entry.open(blob, base)));
        } else {
            base = io.readRow();
            if (io.breaks(Rule.BLOB_VISIBLE_BEFORE_RECORD)) {
                io.call(new BlobCalls.Put(blob));
            }
            recorded = io.isTrue(new LogCalls.Append(name, Entry.open(blob, base)));
        }
        if (!recorded) {
            io.answer(name, Op.NOT_APPLIED);
            return new CleanUp(name, blob, List.of(), false);
        }
        boolean unpinned = io.rules().has(Rules.Option.PINS)
                && io.breaks(Rule.PINS_READ_BEFORE_COMMIT)
                && !io.isTrue(new LogCalls.IsPinned());
        return new Recorded(Change.large(name, value, base), unpinned);
    }

    private record Recorded(Change change, boolean unpinned) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            String blob = String.valueOf(change.newBlob());
            boolean visible = io.breaks(Rule.BLOB_VISIBLE_BEFORE_RECORD) || io.isTrue(new BlobCalls.Put(blob));
            if (!visible) {
                io.answer(change.name(), Op.NOT_APPLIED);
                return new CleanUp(change.name(), blob, List.of(), false);
            }
            CommitLoop.Outcome outcome = CommitLoop.run(io, change);
            io.answer(change.name(), outcome.answer());
            return CleanUp.after(io, change, outcome, unpinned);
        }
    }
}
