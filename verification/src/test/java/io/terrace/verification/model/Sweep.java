// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R11: looks at each blob, deletes those that nobody refers to, and ends the life of expired objects.
 *
 * @param skew how far the sweeper's clock is ahead
 */
record Sweep(int skew) implements Script {

    @Override
    public Script run(Calls io) {
        return new Each(io.call(new BlobCalls.ListAll()), skew);
    }

    private record Each(List<String> blobs, int skew) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            if (blobs.isEmpty()) {
                return null;
            }
            String blob = blobs.get(0);
            Row row;
            boolean brought;
            if (io.breaks(Rule.SWEEP_READS_ROW_FIRST)) {
                row = io.readRow();
                brought = !row.pointsTo(blob) && io.isTrue(new LogCalls.Brings(blob));
            } else {
                brought = io.isTrue(new LogCalls.Brings(blob));
                row = brought ? Row.ABSENT : io.readRow();
            }
            if (!brought) {
                look(io, blob, row);
            }
            return new Each(blobs.subList(1, blobs.size()), skew);
        }

        private void look(Calls io, String blob, Row row) {
            if (!row.pointsTo(blob)) {
                Release.of(io, null, List.of(blob));
            } else if (row.dead() || (row.expires() && row.isExpired(Clock.now(io, skew)))) {
                Expire.tombstone(io, row);
            }
        }
    }
}
