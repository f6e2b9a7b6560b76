// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Phase;
import io.terrace.verification.model.LogRecord.Upload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * R10: completes the upload.
 *
 * @param asks the first request of the client; a repeated one is the same operation
 * @param again what the client does after an error
 */
record Complete(String attempt, boolean asks, @Nullable Script again) implements Script {
    static final String UPLOAD = "U";
    static final String BLOB = Row.blob("P");
    static final Op OP = new Op.Put("u", "P");
    private static final int ATTEMPTS = 3;

    /** A client that repeats complete once after an error. */
    static Complete andRetry() {
        return new Complete("x", true, new Complete("y", false, null));
    }

    @Override
    public @Nullable Script run(Calls io) {
        if (asks) {
            io.ask(OP);
        }
        Row base = io.readRow();
        if (io.breaks(Rule.NO_UPLOAD_RECORD)) {
            return withoutRecord(io, base);
        }
        Optional<Upload> begun = io.send(new LogCalls.Begin(UPLOAD, attempt, base));
        Upload upload = begun == null ? null : begun.orElse(null);
        if (upload == null || upload.phase() == Phase.DEAD || upload.phase() == Phase.DYING) {
            return again;
        }
        if (upload.phase() == Phase.COMMITTED) {
            io.answer(OP.name(), Op.OK);
            return null;
        }
        return new Begun(attempt, again, base, upload);
    }

    /** What a naive implementation does. */
    private @Nullable Script withoutRecord(Calls io, Row base) {
        if (!base.pointsTo(BLOB)) {
            io.call(new BlobCalls.CompleteSession(UPLOAD, BLOB));
            if (!io.isTrue(new BlobCalls.Exists(BLOB))) {
                return again;
            }
            Row row = Row.of(Row.Kind.TOMBSTONE, attempt + 0, BLOB);
            Boolean applied = io.send(new RowCalls.Cas(base.version(), row));
            if (applied == null) {
                return again;
            }
            Release.delete(io, applied ? base.targets() : List.of(BLOB));
        }
        io.answer(OP.name(), Op.OK);
        return again;
    }

    private record Begun(String attempt, @Nullable Script again, Row base, Upload begun) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            if (io.send(new BlobCalls.CompleteSession(UPLOAD, begun.blob())) == null) {
                return again;
            }
            Upload upload = begun;
            Row row = base;
            Row.Version unclaimedAt = row.version();
            if (!row.writeId().equals(upload.base()) && !io.breaks(Rule.NO_READ_AFTER_TAKE_OVER)) {
                row = io.readRow(); // ours may be older than the recorded base
                unclaimedAt = null;
            }
            for (int i = 0; i < ATTEMPTS; i++) {
                boolean vanished =
                        (io.breaks(Rule.VANISHED_AND_BUMPED_COUNTS_AS_WRITTEN) ? row.isAbsent() : row.hasNoWrite())
                                && !upload.base().equals(Row.NO_WRITE);
                if (vanished && !io.breaks(Rule.VANISHED_COUNTS_AS_WRITTEN)) {
                    if (!io.isTrue(new LogCalls.Replace(UPLOAD, upload, upload.rebased()))) {
                        return again;
                    }
                    upload = upload.rebased();
                    unclaimedAt = Row.ABSENT.version();
                }
                if (row.pointsTo(upload.blob()) || !row.writeId().equals(upload.base())) {
                    return decided(io, upload, row);
                }
                boolean later = !row.version().equals(unclaimedAt);
                if (later && !io.breaks(Rule.NO_CLAIM_CHECK) && !isStillMine(io, upload)) {
                    return again;
                }
                Row next = Row.of(Row.Kind.TOMBSTONE, attempt + i, upload.blob());
                if (io.isTrue(new RowCalls.Cas(row.version(), next))) {
                    return new Decided(again, upload, next);
                }
                row = io.readRow();
            }
            boolean known = row.pointsTo(upload.blob())
                    || (!row.hasNoWrite() && !row.writeId().equals(upload.base()));
            return known ? decided(io, upload, row) : again;
        }

        /** R5.3: what a conditional write overtook may have been written and replaced, or not. Nobody can tell. */
        private @Nullable Script decided(Calls io, Upload upload, Row row) {
            boolean unclear = row.isConditional() && !io.breaks(Rule.OVERTAKEN_BY_CONDITION_COUNTS);
            return unclear ? again : new Decided(again, upload, row);
        }

        private static boolean isStillMine(Calls io, Upload upload) {
            return io.call(new LogCalls.Get(UPLOAD)).filter(upload::equals).isPresent();
        }
    }

    /** Committed or superseded. */
    private record Decided(@Nullable Script again, Upload upload, Row row) implements Script {

        @Override
        public @Nullable Script run(Calls io) {
            boolean absent = upload.base().equals(Row.NO_WRITE) && !io.breaks(Rule.ABSENT_NOT_BUMPED);
            if (!row.pointsTo(upload.blob()) && absent && CommitLoop.seal(io, row, upload.blob()) == null) {
                return again;
            }
            io.answer(OP.name(), Op.OK);
            return new AbortUpload.Settled(UPLOAD, upload, Phase.COMMITTED);
        }
    }
}
