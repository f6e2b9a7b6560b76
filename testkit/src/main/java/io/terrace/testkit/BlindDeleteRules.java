// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;

/** HV-4: deleting a value unless the row is a tombstone. */
abstract class BlindDeleteRules {

    private final Rows rows;

    BlindDeleteRules(HighVolumeConformanceTest kit) {
        this.rows = kit.rows();
    }

    @Rule("HV-4.1")
    void anInlineRowBecomesAMarkerExpiredOrNotAndAtWhateverVersion() {
        for (RowState state : RowState.of(RowKind.INLINE)) {
            ObjectId id = rows.fresh();
            state.install(rows, id);
            WriteId writeId = Rows.writeId();

            RowVersion version = Rows.done(rows.delete(id, writeId));
            assertThat(version).as("%s", state).isEqualTo(RowVersion.of(writeId, 0));
            assertMarker(rows.head(id), version);
        }
    }

    @Rule("HV-4.2")
    void anAbsentRowStaysAbsentOrBecomesAMarker() {
        ObjectId id = rows.fresh();
        WriteId writeId = Rows.writeId();
        RowVersion version = Rows.done(rows.delete(id, writeId));

        if (rows.head(id).isAbsent()) {
            assertThat(version).isEqualTo(RowVersion.ABSENT);
        } else {
            assertThat(version).isEqualTo(RowVersion.of(writeId, 0));
            assertMarker(rows.head(id), version);
        }
    }

    @Rule("HV-4.3")
    void aMarkerStaysOrIsReplacedByAMarker() {
        for (RowState state : RowState.of(RowKind.MARKER)) {
            ObjectId id = rows.fresh();
            RowHead before = state.install(rows, id);
            WriteId writeId = Rows.writeId();

            RowVersion version = Rows.done(rows.delete(id, writeId));
            assertThat(version).as("%s", state).isIn(before.version(), RowVersion.of(writeId, 0));
            assertMarker(rows.head(id), version);
        }
    }

    @Rule("HV-4.4")
    void aLiveTombstoneIsLeftAndReturned() {
        deleteIsRefused(RowState.TOMBSTONE);
    }

    @Rule("HV-4.5")
    void anExpiredTombstoneIsLeftAndReturned() {
        deleteIsRefused(RowState.TOMBSTONE_EXPIRED);
    }

    @Rule("HV-4.6")
    void aDeadTombstoneIsLeftAndReturned() {
        deleteIsRefused(RowState.TOMBSTONE_DEAD);
    }

    @Rule(value = "HV-4.7", requirement = Requirement.STOCHASTIC)
    void noTombstoneIsDeletedByDeletesInParallel() {
        BlindRace.againstTombstones(rows, id -> rows.delete(id, Rows.writeId()));
    }

    private void deleteIsRefused(RowState state) {
        ObjectId id = rows.fresh();
        RowHead before = state.install(rows, id);

        assertThat(Rows.tombstoned(rows.delete(id, Rows.writeId()))).isEqualTo(before);
        assertThat(rows.head(id)).isEqualTo(before);
    }

    private static void assertMarker(RowHead head, RowVersion version) {
        Rows.assertHead(head, RowKind.MARKER, version, Deadline.NONE, null, null);
    }
}
