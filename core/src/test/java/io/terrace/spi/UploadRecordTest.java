// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static io.terrace.spi.RowSamples.BLOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectMetadata;
import io.terrace.spi.UploadRecord.State;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UploadRecordTest {

    private static final UploadSession SESSION = new UploadSession(BLOB, "the-token");
    private static final UploadSecret SECRET = new UploadSecret(0x1234, 0x5678);
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(2, 2);
    private static final WriteId BASE = new WriteId(7, 8);
    private static final BlobId OLD = new BlobId(BLOB.object(), new UUID(9, 9));

    private final UploadRecord open = UploadRecord.open(SESSION, SECRET, ObjectMetadata.of("text/plain"), 100);
    private final UploadRecord completing = open.completing(FIRST, BASE, List.of(OLD), 200);

    @Test
    void anUploadLiesWhereAnEntryOfItsBlobWould() {
        assertThat(open.id()).isEqualTo(EntryId.of(BLOB));
        assertThat(open.object()).isEqualTo(BLOB.object());
        assertThat(open.startedMicros()).isEqualTo(open.sinceMicros()).isEqualTo(100);
    }

    @Test
    void aCompleteRecordsWhatItStartedFrom() {
        assertThat(completing.state()).isEqualTo(State.COMPLETING);
        assertThat(completing.attempt()).isEqualTo(FIRST);
        assertThat(completing.base()).isEqualTo(BASE);
        assertThat(completing.oldBlobs()).containsExactly(OLD);
        assertThat(completing.startedMicros()).isEqualTo(100);
        assertThat(completing.sinceMicros()).isEqualTo(200);
    }

    @Test
    void aTakeOverReplacesTheAttemptAndKeepsWhatTheFirstStartedFrom() {
        UploadRecord taken = completing.takenOver(SECOND);

        assertThat(taken.attempt()).isEqualTo(SECOND);
        assertThat(taken.base()).isEqualTo(BASE);
        assertThat(taken.oldBlobs()).containsExactly(OLD);
        assertThat(taken.sinceMicros()).isEqualTo(200);
        assertThat(taken.rebased(WriteId.NONE).base()).isEqualTo(WriteId.NONE);
        assertThat(taken.rebased(WriteId.NONE).oldBlobs()).containsExactly(OLD);
    }

    @Test
    void everyTransitionMakesTheNextRevisionSoThatNoContentComesBack() {
        UploadRecord reopened = completing.reopened(100);

        assertThat(reopened.state()).isEqualTo(State.OPEN);
        assertThat(reopened.base()).isEqualTo(open.base());
        assertThat(reopened).isNotEqualTo(open);
        assertThat(List.of(open, completing, completing.takenOver(SECOND), completing.dying(3), completing.reopened(3))
                        .stream()
                        .map(UploadRecord::revision))
                .containsExactly(0L, 1L, 2L, 2L, 2L);
    }

    @Test
    void onlyAnUploadThatMayStillBecomeSomethingKeepsItsBlob() {
        assertThat(List.of(open, completing, completing.dying(3))).allMatch(UploadRecord::keepsBlob);
        assertThat(List.of(
                        open.dead(3),
                        completing.committed(3),
                        completing.dying(3).dead(3),
                        completing.dying(3).committed(3)))
                .noneMatch(UploadRecord::keepsBlob)
                .allSatisfy(ended -> {
                    assertThat(ended.attempt()).isNull();
                    assertThat(ended.oldBlobs()).isEmpty();
                });
    }

    @Test
    void whatIsNoTransitionIsRefused() {
        assertThatThrownBy(() -> open.takenOver(FIRST)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> open.committed(3))
                .hasMessage("an upload that is OPEN does not go there; it must be [COMPLETING, DYING]");
        assertThatThrownBy(() -> completing.completing(SECOND, BASE, List.of(), 3))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completing.dead(3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completing.committed(3).reopened(4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> completing.dying(3).reopened(4)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> open.dead(3).dying(4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecordOfAnImpossibleStateIsRefused() {
        assertThatThrownBy(() -> new UploadRecord(
                        SESSION, SECRET, open.metadata(), State.OPEN, FIRST, WriteId.NONE, List.of(), 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UploadRecord(
                        SESSION, SECRET, open.metadata(), State.COMPLETING, null, BASE, List.of(), 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new UploadRecord(SESSION, SECRET, open.metadata(), State.DEAD, null, BASE, List.of(), 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheNextRevisionOfTheSameSessionIsNext() {
        completing.requireNextOf(open);
        UploadRecord another = UploadRecord.open(new UploadSession(BLOB, "another"), SECRET, open.metadata(), 100);
        assertThatThrownBy(() -> open.requireNextOf(open)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> completing.dying(3).requireNextOf(open)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> completing.requireNextOf(another))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("revision 1 of the upload of " + BLOB);
    }

    @Test
    void neitherTheSecretNorTheTokenIsPrinted() {
        assertThat(open.toString())
                .doesNotContain("the-token", "4660", "1234", "5678")
                .contains("upload of " + BLOB, "UploadSecret[hidden]");
    }

    @Test
    void aSecretMatchesItselfOnly() {
        assertThat(SECRET.matches(new UploadSecret(0x1234, 0x5678))).isTrue();
        assertThat(SECRET.matches(new UploadSecret(0x1234, 0x5679))).isFalse();
        assertThat(SECRET.matches(new UploadSecret(0x1235, 0x5678))).isFalse();
    }
}
