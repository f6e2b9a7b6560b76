// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import java.util.List;

/** HV-3: putting a value unless the row is a tombstone. */
abstract class BlindPutRules {

    private final Rows rows;

    BlindPutRules(HighVolumeConformanceTest kit) {
        this.rows = kit.rows();
    }

    @Rule("HV-3.1")
    void anAbsentRowIsWritten() {
        putReplaces(List.of(RowState.ABSENT));
    }

    @Rule("HV-3.2")
    void anInlineRowIsReplacedExpiredOrNotAndAtWhateverVersion() {
        putReplaces(RowState.of(RowKind.INLINE));
    }

    @Rule("HV-3.3")
    void aMarkerIsReplaced() {
        putReplaces(RowState.of(RowKind.MARKER));
    }

    @Rule("HV-3.4")
    void aLiveTombstoneIsLeftAndReturned() {
        putIsRefused(RowState.TOMBSTONE);
    }

    @Rule("HV-3.5")
    void anExpiredTombstoneIsLeftAndReturned() {
        putIsRefused(RowState.TOMBSTONE_EXPIRED);
    }

    @Rule("HV-3.6")
    void aDeadTombstoneIsLeftAndReturned() {
        putIsRefused(RowState.TOMBSTONE_DEAD);
    }

    @Rule(value = "HV-3.7", requirement = Requirement.STOCHASTIC)
    void noTombstoneIsOverwrittenByPutsInParallel() {
        BlindRace.againstTombstones(rows, id -> rows.put(id, Rows.writeId(), Rows.object("blind")));
    }

    @Rule(value = "HV-3.8", requirement = Requirement.STOCHASTIC)
    void ofManyPutsAtOnceOneIsThereInTheEnd() {
        for (int round = 0; round < 20; round++) {
            ObjectId id = rows.fresh();
            List<RowVersion> versions =
                    Race.of(Race.RACERS, racer -> Rows.done(rows.put(id, Rows.writeId(), Rows.object("" + racer))));
            int winner = versions.indexOf(rows.head(id).version());

            assertThat(winner).isNotNegative();
            assertThat(Rows.text(rows.full(id))).isEqualTo("" + winner);
        }
    }

    private void putReplaces(List<RowState> states) {
        for (RowState state : states) {
            for (Deadline deadline : List.of(Deadline.NONE, Rows.EXPIRED)) {
                ObjectId id = rows.fresh();
                state.install(rows, id);
                WriteId writeId = Rows.writeId();
                RowVersion version = Rows.done(rows.put(id, writeId, Rows.object("new", deadline)));

                assertThat(version).as("%s", state).isEqualTo(RowVersion.of(writeId, 0));
                Rows.assertHead(rows.head(id), RowKind.INLINE, version, deadline, Samples.metadata("new"), null);
                if (deadline.isNone()) {
                    assertThat(Rows.text(rows.full(id))).as("%s", state).isEqualTo("new");
                }
            }
        }
    }

    private void putIsRefused(RowState state) {
        ObjectId id = rows.fresh();
        RowHead before = state.install(rows, id);

        assertThat(Rows.tombstoned(rows.put(id, Rows.writeId(), Rows.object("new"))))
                .isEqualTo(before);
        assertThat(rows.head(id)).isEqualTo(before);
    }
}
