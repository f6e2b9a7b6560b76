// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import org.jspecify.annotations.Nullable;

/** R9: pins, reads the row, uses the blob later, unpins, and drains what was deferred meanwhile. */
record Checkpoint() implements Script {

    @Override
    public Script run(Calls io) {
        int now = Clock.now(io, 0);
        Row row;
        if (io.breaks(Rule.READ_BEFORE_PIN)) {
            row = io.readRow();
            io.call(new LogCalls.Pin(true));
        } else {
            io.call(new LogCalls.Pin(true));
            row = io.readRow();
        }
        String target = row.target();
        if (target != null && !row.isExpired(now) && !io.isTrue(new BlobCalls.Exists(target))) {
            io.violation("the pinned blob " + target + " is gone");
        }
        return new Unpin();
    }

    private record Unpin() implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            io.call(new LogCalls.Pin(false));
            for (String id : io.call(new LogCalls.ScanDeferred())) {
                LogRecord found = io.call(new LogCalls.Get(id)).orElse(null);
                if (found instanceof Entry entry && entry.isDeferred() && Release.of(io, id, entry.oldBlobs())) {
                    io.call(new LogCalls.Remove(id));
                }
            }
            return null;
        }
    }
}
