// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R6, from step 2: fences, decides, cleans up. A writer that gave up does this from its own memory, because a resolver may
 * have removed the entry before the writer's blob became visible.
 */
record Settle(String entry, @Nullable String newBlob, String base, List<String> oldBlobs) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        if (io.breaks(Rule.BLOB_DELETED_BEFORE_FENCE)
                && newBlob != null
                && !io.readRow().pointsTo(newBlob)) {
            io.call(new BlobCalls.Delete(newBlob));
        }
        for (int i = 0; i < CommitLoop.FENCES; i++) {
            Row row = io.readRow();
            if (row.pointsTo(newBlob) || isOvertaken(io, row) || io.breaks(Rule.NO_FENCE)) {
                cleanUp(io, row, false);
                return null;
            }
            Row next = row.bumped();
            if (io.isTrue(new RowCalls.Bump(row.version(), next))) {
                cleanUp(io, next, row.writeId().equals(base));
                return null;
            }
        }
        return null; // the entry stays, for later
    }

    /** A value was written since, so nothing that expects the base can land; if the base is "absent", it still could. */
    private boolean isOvertaken(Calls io, Row row) {
        boolean absent = base.equals(Row.NO_WRITE) && newBlob != null && !io.breaks(Rule.ABSENT_NOT_BUMPED);
        return !row.writeId().equals(base) && !absent;
    }

    /** @param neverCommitted the fence found the base unchanged, so no pin can be about the new blob */
    private void cleanUp(Calls io, Row row, boolean neverCommitted) {
        List<String> garbage = new ArrayList<>(oldBlobs);
        garbage.removeIf(row::pointsTo);
        if (newBlob != null && !row.pointsTo(newBlob)) {
            if (neverCommitted || io.breaks(Rule.ROLLBACK_IGNORES_PINS)) {
                io.call(new BlobCalls.Delete(newBlob));
            } else {
                garbage.add(0, newBlob);
            }
        }
        if (Release.of(io, entry, garbage)) {
            io.call(new LogCalls.Remove(entry));
        }
    }
}
