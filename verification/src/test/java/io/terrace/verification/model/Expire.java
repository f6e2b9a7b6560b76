// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

/** R12: what a sweep does with a tombstone that is expired. */
final class Expire {
    private Expire() {}

    static void tombstone(Calls io, Row row) {
        if (io.breaks(Rule.EXPIRED_BLOB_DELETED_FIRST)) {
            Release.delete(io, row.targets());
            io.isTrue(new RowCalls.Bump(row.version(), row.bumped().asMarker()));
            return;
        }
        Row dead = row;
        if (!row.dead() && !io.breaks(Rule.EXPIRED_ROW_NOT_MADE_DEAD)) {
            dead = row.bumped().asDead();
            if (!io.isTrue(new RowCalls.Bump(row.version(), dead))) {
                return;
            }
        }
        RowCalls.Bump retire = new RowCalls.Bump(dead.version(), dead.bumped().asMarker());
        if (io.rules().has(Rules.Option.MARKER_FIRST)) {
            if (io.isTrue(retire)) {
                Release.of(io, null, row.targets());
            }
        } else if (Release.of(io, null, row.targets())) {
            io.isTrue(retire);
        }
    }
}
