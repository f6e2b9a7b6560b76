// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Phase;
import io.terrace.verification.model.LogRecord.Upload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** R10: an abort by the client, or the end of an upload that is too old. */
record AbortUpload(String id) implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        LogRecord found = io.call(new LogCalls.Get(id)).orElse(null);
        if (!(found instanceof Upload upload) || upload.phase() == Phase.COMMITTED || upload.phase() == Phase.DEAD) {
            return null;
        }
        if (upload.phase() == Phase.OPEN) {
            if (io.isTrue(new LogCalls.Replace(id, upload, upload.ended(Phase.DEAD)))) {
                io.call(new BlobCalls.AbortSession(id));
            }
            return null;
        }
        Upload dying = upload.dying();
        if (upload.phase() == Phase.COMPLETING && !io.isTrue(new LogCalls.Replace(id, upload, dying))) {
            return null;
        }
        for (int i = 0; i < CommitLoop.FENCES; i++) {
            Row row = io.readRow();
            if (row.pointsTo(dying.blob()) || !row.writeId().equals(dying.base())) {
                boolean unclear = !row.pointsTo(dying.blob()) && row.isConditional();
                return new Settled(id, dying, unclear ? Phase.DEAD : Phase.COMMITTED);
            }
            if (io.breaks(Rule.NO_FENCE) || io.isTrue(new RowCalls.Bump(row.version(), row.bumped()))) {
                io.call(new BlobCalls.AbortSession(id));
                io.call(new BlobCalls.Delete(dying.blob()));
                io.call(new LogCalls.Replace(id, dying, dying.ended(Phase.DEAD)));
                return null;
            }
        }
        return null;
    }

    /** Committed or superseded, and answered, or given up: the blobs and the record remain to be done. */
    record Settled(String id, Upload upload, Phase end) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            for (int i = 0; i < CommitLoop.FENCES; i++) {
                Row row = io.readRow();
                boolean decided = row.pointsTo(upload.blob()) || !upload.base().equals(Row.NO_WRITE);
                if (decided || io.isTrue(new RowCalls.Bump(row.version(), row.bumped()))) {
                    List<String> garbage = new ArrayList<>(upload.oldBlobs());
                    garbage.add(0, upload.blob());
                    garbage.removeIf(row::pointsTo);
                    if (Release.of(io, null, garbage)) {
                        io.call(new LogCalls.Replace(id, upload, upload.ended(end)));
                    }
                    return null;
                }
            }
            return null;
        }
    }
}
