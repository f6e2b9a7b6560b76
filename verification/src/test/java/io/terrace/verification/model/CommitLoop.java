// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import org.jspecify.annotations.Nullable;

/** R5: puts a new value in the place of a row by compare-and-set, and finds out what became of it. */
final class CommitLoop {
    private static final int ATTEMPTS = 3;
    static final int FENCES = 8;

    enum End {
        COMMITTED,
        SUPERSEDED,
        CLAIMED,
        FAILED
    }

    /**
     * How it ended.
     *
     * @param ambiguous a compare-and-set went unanswered
     * @param base the write id that the change is based on, which R5.5 may have changed
     */
    record Outcome(End end, boolean ambiguous, String base) {

        boolean isSuccess() {
            return end == End.COMMITTED || end == End.SUPERSEDED;
        }

        String answer() {
            return isSuccess() ? Op.OK : ambiguous ? Op.UNKNOWN : Op.NOT_APPLIED;
        }
    }

    private final Calls io;
    private final Change change;
    private boolean ambiguous;
    private String base;

    private CommitLoop(Calls io, Change change) {
        this.io = io;
        this.change = change;
        this.base = change.base().writeId();
    }

    static Outcome run(Calls io, Change change) {
        CommitLoop loop = new CommitLoop(io, change);
        return new Outcome(loop.commit(), loop.ambiguous, loop.base);
    }

    private End commit() {
        Row row = change.base();
        Row.Version unclaimedAt = row.version();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            boolean later = !row.version().equals(unclaimedAt);
            if (later && !io.breaks(Rule.NO_CLAIM_CHECK) && !io.isTrue(new LogCalls.IsOpen(change.name()))) {
                return End.CLAIMED;
            }
            if (Boolean.TRUE.equals(send(row, attempt))) {
                return End.COMMITTED;
            }
            Row before = row;
            row = io.readRow();
            if (io.breaks(Rule.REFUSAL_REPEATED)) {
                continue;
            }
            if (row.pointsTo(change.newBlob())) {
                return End.COMMITTED;
            }
            if (io.breaks(Rule.VERSION_DECIDES) && !row.version().equals(before.version())) {
                return End.SUPERSEDED;
            }
            boolean vanished =
                    (io.breaks(Rule.VANISHED_AND_BUMPED_COUNTS_AS_WRITTEN) ? row.isAbsent() : row.hasNoWrite())
                            && !base.equals(Row.NO_WRITE);
            if (vanished && !io.breaks(Rule.VANISHED_COUNTS_AS_WRITTEN)) {
                if (!io.isTrue(new LogCalls.Rebase(change.name()))) {
                    return End.CLAIMED;
                }
                base = Row.NO_WRITE;
                unclaimedAt = Row.ABSENT.version();
            }
            if (!row.writeId().equals(base)) {
                return superseded(row);
            }
        }
        return End.FAILED;
    }

    private @Nullable Boolean send(Row row, int attempt) {
        RowCalls.Cas cas = new RowCalls.Cas(row.version(), change.row(attempt));
        Boolean applied = io.send(cas);
        if (applied == null && io.rules().has(Rules.Option.CAS_REPEATED)) {
            ambiguous = true;
            applied = io.send(cas);
        }
        ambiguous |= applied == null;
        return applied;
    }

    /**
     * R5.3. Ours counts as written just before what overtook it. That would take from under a conditional write what it
     * required, so one of those is no proof, and the change fails.
     */
    private End superseded(Row row) {
        if (row.isConditional() && !io.breaks(Rule.OVERTAKEN_BY_CONDITION_COUNTS)) {
            return End.FAILED;
        }
        if (!ambiguous || !base.equals(Row.NO_WRITE) || io.breaks(Rule.ABSENT_NOT_BUMPED)) {
            return End.SUPERSEDED;
        }
        Row sealed = seal(io, row, change.newBlob());
        return sealed == null ? End.FAILED : sealed.pointsTo(change.newBlob()) ? End.COMMITTED : End.SUPERSEDED;
    }

    /**
     * R5.3: a compare-and-set that expects "absent" may be under way. Writes the row, so that it cannot become absent again
     * while that one lives.
     */
    static @Nullable Row seal(Calls io, Row from, @Nullable String newBlob) {
        Row row = from;
        for (int i = 0; i < FENCES; i++) {
            if (row.pointsTo(newBlob)) {
                return row;
            }
            Row next = row.bumped();
            if (io.isTrue(new RowCalls.Bump(row.version(), next))) {
                return next;
            }
            row = io.readRow();
        }
        return null;
    }
}
