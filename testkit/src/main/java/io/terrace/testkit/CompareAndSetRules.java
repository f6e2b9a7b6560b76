// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.testkit.RowState.Installed;
import java.util.List;

/** HV-5: writing a value if the row is at exactly the expected version. */
abstract class CompareAndSetRules {

    private static final int ROUNDS = 40;

    private final Rows rows;

    CompareAndSetRules(HighVolumeConformanceTest kit) {
        this.rows = kit.rows();
    }

    @Rule("HV-5.1")
    void anAbsentRowTakesEveryKindOfWrite() {
        appliesTo(RowState.ABSENT);
    }

    @Rule("HV-5.2")
    void aRowAtExactlyTheExpectedVersionTakesEveryKindOfWrite() {
        RowState.present().forEach(this::appliesTo);
    }

    @Rule("HV-5.3")
    void aRowThatExistsIsNotAbsent() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            refuses(state, id, state.install(rows, id), RowVersion.ABSENT);
        }
    }

    @Rule("HV-5.4")
    void anAbsentRowHasNoOtherVersion() {
        ObjectId id = rows.fresh();

        refuses(RowState.ABSENT, id, RowHead.ABSENT, RowVersion.of(Rows.writeId(), 0));
        refuses(RowState.ABSENT, id, RowHead.ABSENT, RowVersion.of(WriteId.NONE, 1));
    }

    @Rule("HV-5.5")
    void anotherBumpIsAnotherVersion() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);
            RowVersion version = head.version();
            for (long bump : List.of(version.bump() + 1, version.bump() - 1, version.bump() ^ Long.MIN_VALUE)) {
                refuses(state, id, head, RowVersion.of(version.writeId(), bump));
            }
        }
    }

    @Rule("HV-5.6")
    void anotherWriteIdIsAnotherVersion() {
        for (RowState state : RowState.present()) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);
            refuses(
                    state,
                    id,
                    head,
                    RowVersion.of(Rows.writeId(), head.version().bump()));
        }
    }

    @Rule("HV-5.7")
    void aRefusalReportsTheRowThatRefusedOrNothing() {
        for (RowState state : RowState.values()) {
            ObjectId id = rows.fresh();
            RowHead head = state.install(rows, id);
            RowHead observed = Rows.refused(rows.cas(id, RowVersion.of(Rows.writeId(), 0), Rows.inline("new")))
                    .observed();

            assertThat(observed == null || observed.equals(head))
                    .as("%s: %s is neither null nor %s", state, observed, head)
                    .isTrue();
        }
    }

    @Rule(value = "HV-5.8", requirement = Requirement.STOCHASTIC)
    void ofManyThatFindTheRowAbsentExactlyOneWrites() {
        ObjectId once = rows.fresh();
        Rows.applied(rows.cas(once, RowVersion.ABSENT, Rows.inline("first")));
        Rows.refused(rows.cas(once, RowVersion.ABSENT, Rows.inline("second")));
        for (int round = 0; round < ROUNDS; round++) {
            raceOn(rows.fresh(), RowVersion.ABSENT);
        }
    }

    @Rule(value = "HV-5.9", requirement = Requirement.STOCHASTIC)
    void ofManyThatExpectOneVersionExactlyOneWrites() {
        List<RowState> states = RowState.present();
        for (Installed row : RowState.installEach(rows, states)) {
            Rows.applied(rows.cas(row.id(), row.head().version(), Rows.inline("first")));
            Rows.refused(rows.cas(row.id(), row.head().version(), Rows.inline("second")));
        }
        for (int round = 0; round < ROUNDS; round++) {
            ObjectId id = rows.fresh();
            raceOn(id, states.get(round % states.size()).install(rows, id).version());
        }
    }

    private void appliesTo(RowState state) {
        for (RowKind kind : List.of(RowKind.INLINE, RowKind.TOMBSTONE, RowKind.MARKER)) {
            ObjectId id = rows.fresh();
            RowVersion before = state.install(rows, id).version();
            RowWrite write =
                    switch (kind) {
                        case INLINE -> Rows.inline("new");
                        case TOMBSTONE -> Rows.tombstone(id);
                        default -> Rows.marker();
                    };
            RowVersion version = Rows.applied(rows.cas(id, before, write));
            Row row = rows.full(id);

            assertThat(version).as("%s to %s", state, kind).isEqualTo(RowVersion.of(write.writeId(), 0));
            assertThat(row.version()).as("%s to %s", state, kind).isEqualTo(version);
            assertThat(row.kind()).as("%s to %s", state, kind).isEqualTo(kind);
            assertThat(Rows.text(row)).as("%s to %s", state, kind).isEqualTo(kind == RowKind.INLINE ? "new" : "");
        }
    }

    private void refuses(RowState state, ObjectId id, RowHead before, RowVersion expected) {
        for (RowWrite write : List.of(Rows.inline("new"), Rows.tombstone(id), Rows.marker())) {
            Rows.refused(rows.cas(id, expected, write));
            assertThat(rows.head(id))
                    .as("%s after a cas of %s", state, expected)
                    .isEqualTo(before);
        }
    }

    private void raceOn(ObjectId id, RowVersion expected) {
        List<CasOutcome> outcomes = Race.of(Race.RACERS, racer -> rows.cas(id, expected, Rows.inline("" + racer)));
        List<CasOutcome> winners = outcomes.stream().filter(Rows::isApplied).toList();
        assertThat(winners).hasSize(1);

        Row row = rows.full(id);
        assertThat(row.version()).isEqualTo(Rows.applied(winners.get(0)));
        assertThat(Rows.text(row)).isEqualTo("" + outcomes.indexOf(winners.get(0)));
    }
}
