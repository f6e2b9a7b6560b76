// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes over the shard of an instance that seems dead: one request claims all of its entries, and none is claimed by itself.
 *
 * @param again also if the shard was taken over and resolved before
 */
record TakeOver(boolean again) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        if (!again && io.isTrue(new LogCalls.IsRetired())) {
            return null;
        }
        return new Each(io.call(new LogCalls.TakeOver()), null);
    }

    private record Each(List<String> entries, @Nullable Script current) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            Script running = current;
            while (running != null) {
                running = running.run(io);
            }
            if (entries.isEmpty()) {
                io.call(new LogCalls.Retire());
                return null;
            }
            return new Each(entries.subList(1, entries.size()), new Resolve(entries.get(0)));
        }
    }

    private record Resolve(String id) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            return io.call(new LogCalls.Get(id)).orElse(null) instanceof Entry entry
                    ? new Settle(id, entry.newBlob(), entry.base(), entry.oldBlobs())
                    : null;
        }
    }
}
