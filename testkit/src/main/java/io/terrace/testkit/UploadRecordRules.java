// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.WriteId;
import java.util.List;
import java.util.stream.Collectors;

/** CL-11 to CL-13: remembering uploads. */
abstract class UploadRecordRules {

    private final Log log;

    UploadRecordRules(ChangeLogConformanceTest kit) {
        this.log = kit.log();
    }

    @Rule("CL-11.1")
    void anUploadIsReadAsItWasBegun() {
        UploadRecord record = log.uploadRecord();

        assertThat(log.begin(record)).isTrue();
        assertThat(log.upload(record.id())).contains(record);
    }

    @Rule("CL-11.2")
    void aRepetitionIsAnsweredTheSameAndAnotherUploadIsLeftAsItIs() {
        UploadRecord record = log.uploadRecord();
        UploadRecord other =
                UploadRecord.open(record.session(), record.secret(), record.metadata(), record.startedMicros() + 1);

        assertThat(log.begin(record)).isTrue();
        assertThat(log.begin(record)).isTrue();
        assertThat(log.begin(other)).isFalse();
        assertThat(log.upload(record.id())).contains(record);
        UploadRecord dead = record.dead(1);
        assertThat(log.replace(record, dead)).isTrue();
        assertThat(log.begin(record)).isFalse();
        assertThat(log.upload(record.id())).contains(dead);
    }

    @Rule("CL-11.3")
    void anUploadThatIsNotOpenDoesNotBegin() {
        UploadRecord dead = log.uploadRecord().dead(1);

        assertThat(Await.ended(log.backend().uploads().begin(dead)).isOnError()).isTrue();
        assertThat(log.upload(dead.id())).isEmpty();
    }

    @Rule("CL-12.1")
    void anAbsentUploadIsAnEmptyAnswer() {
        assertThat(log.upload(log.uploadRecord().id())).isEmpty();
    }

    @Rule("CL-12.2")
    void anUploadIsReadInEveryState() {
        for (State state : State.values()) {
            UploadRecord record = log.uploadIn(state);

            assertThat(record.state()).isEqualTo(state);
            assertThat(log.upload(record.id())).contains(record);
        }
    }

    @Rule("CL-12.3")
    void aRemovedUploadIsGoneAndNoOtherIs() {
        UploadRecord kept = log.uploadIn(State.OPEN);
        for (State state : State.values()) {
            UploadRecord record = log.uploadIn(state);
            log.removeUpload(record.id());
            log.removeUpload(record.id());

            assertThat(log.upload(record.id())).as("%s", state).isEmpty();
        }
        assertThat(log.upload(kept.id())).contains(kept);
    }

    @Rule("CL-13.1")
    void aRecordThatIsExactlyWhatIsExpectedIsReplaced() {
        UploadRecord open = log.uploadIn(State.OPEN);
        UploadRecord completing = log.completing(open);

        assertThat(log.replace(open, completing)).isTrue();
        assertThat(log.upload(open.id())).contains(completing);
    }

    @Rule("CL-13.2")
    void aRecordThatIsAnythingElseStays() {
        UploadRecord completing = log.uploadIn(State.COMPLETING);
        UploadRecord mine = completing.takenOver(Log.uuid());
        UploadRecord theirs = completing.takenOver(Log.uuid());
        UploadRecord otherBase = new UploadRecord(
                completing.session(),
                completing.secret(),
                completing.metadata(),
                completing.state(),
                completing.attempt(),
                Log.writeId(),
                completing.oldBlobs(),
                completing.startedMicros(),
                completing.sinceMicros(),
                completing.revision());

        assertThat(log.replace(otherBase, otherBase.dying(3)))
                .as("another base")
                .isFalse();
        assertThat(log.replace(mine, mine.dying(3))).as("a later revision").isFalse();
        assertThat(log.replace(completing, theirs)).isTrue();
        assertThat(log.replace(mine, mine.dying(3))).as("another attempt").isFalse();
        assertThat(log.replace(completing, mine)).as("an earlier revision").isFalse();
        assertThat(log.upload(completing.id())).contains(theirs);
    }

    @Rule("CL-13.3")
    void anAbsentRecordIsNotReplaced() {
        UploadRecord absent = log.uploadRecord();

        assertThat(log.replace(absent, absent.dead(1))).isFalse();
        assertThat(log.upload(absent.id())).isEmpty();
    }

    @Rule("CL-13.4")
    void aRepetitionIsAnsweredLikeTheFirstCall() {
        UploadRecord open = log.uploadIn(State.OPEN);
        UploadRecord completing = log.completing(open);
        log.replace(open, completing);

        assertThat(log.replace(open, completing)).isTrue();
        assertThat(log.replace(completing, completing.dying(3))).isTrue();
        assertThat(log.replace(open, completing)).as("when it has gone on").isFalse();
        assertThat(log.upload(open.id())).contains(completing.dying(3));
    }

    @Rule(value = "CL-13.5", requirement = Requirement.STOCHASTIC)
    void ofManyReplacementsAtOnceOneTakesEffect() {
        for (int round = 0; round < 20; round++) {
            UploadRecord open = log.uploadIn(State.OPEN);
            List<UploadRecord> winners = Race.of(8, racer -> {
                        UploadRecord mine = log.completing(open);
                        return log.replace(open, mine) ? List.of(mine) : List.<UploadRecord>of();
                    })
                    .stream()
                    .flatMap(List::stream)
                    .collect(Collectors.toList());

            assertThat(winners).hasSize(1);
            assertThat(log.upload(open.id())).contains(winners.get(0));
        }
    }

    @Rule("CL-13.6")
    void whatIsNotTheNextRevisionIsAnError() {
        UploadRecord open = log.uploadIn(State.OPEN);
        UploadRecord later =
                open.completing(Log.uuid(), WriteId.NONE, List.of(), 2).dying(3);

        assertThat(Await.ended(log.backend().uploads().replace(open, later)).isOnError())
                .isTrue();
        assertThat(Await.ended(log.backend()
                                .uploads()
                                .replace(open, log.uploadRecord().dead(1)))
                        .isOnError())
                .isTrue();
        assertThat(log.upload(open.id())).contains(open);
    }
}
