// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves every entry of the log (R6), and gives up every upload (R10). Does not ask whether the writers live. */
record Recover() implements Script {

    @Override
    public Script run(Calls io) {
        return new Each(io.call(new LogCalls.Scan()), null);
    }

    /**
     * One after the other.
     *
     * @param current what is being resolved
     */
    record Each(List<String> entries, @Nullable Script current) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            Script running = current;
            while (running != null) {
                running = running.run(io);
            }
            if (entries.isEmpty()) {
                return null;
            }
            String first = entries.get(0);
            Script resolving = first.equals(Complete.UPLOAD) ? new AbortUpload(first) : new Resolve(first);
            return new Each(entries.subList(1, entries.size()), resolving);
        }
    }

    /** R6.1 */
    record Resolve(String id) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            Optional<Entry> claimed = io.call(new LogCalls.Claim(id));
            if (claimed.isEmpty()) {
                return null;
            }
            Entry entry = claimed.get();
            if (entry.isDeferred()) {
                if (Release.of(io, id, entry.oldBlobs())) {
                    io.call(new LogCalls.Remove(id));
                }
                return null;
            }
            return new Settle(id, entry.newBlob(), entry.base(), entry.oldBlobs());
        }
    }
}
