// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.terrace.BackendUnavailableException;
import io.terrace.ConfigurationException;
import io.terrace.DeadlineExceededException;
import io.terrace.Determinacy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.OutcomeUnknownException;
import io.terrace.PermissionDeniedException;
import io.terrace.TerraceException;
import io.terrace.ThrottledException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Answers that are lost after the server has acted. The server's advice to repeat comes with each loss, and nothing follows it: the
 * reference repeated writes blindly (H11).
 */
class SettlingTest {

    private static final String READ = "ReadRows";
    private static final String WRITE = "CheckAndMutateRow";

    private final Sample sample = new Sample();
    private final Sample other = new Sample(sample.table(), builder -> builder);
    private final ObjectId id = Sample.id("lost");

    @AfterEach
    void close() {
        sample.close();
        other.close();
    }

    @Test
    void aBlindWriteIsFoundInTheRowAndNotRepeated() {
        for (boolean deletes : new boolean[] {false, true}) {
            lose(1);
            assertThat(deletes ? sample.delete(id) : sample.put(id, 1)).isInstanceOf(BlindOutcome.Done.class);
            assertThat(sample.wire().requests()).containsExactly(WRITE, READ);
        }
    }

    @Test
    void aBlindWriteThatIsNotFoundIsUnknownAndNotRepeated() {
        for (boolean deletes : new boolean[] {false, true}) {
            lose(1);
            sample.wire().whenLost(() -> other.put(id, 2));
            assertThatThrownBy(() -> {
                        if (deletes) {
                            sample.delete(id);
                        } else {
                            sample.put(id, 1);
                        }
                    })
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(sample.wire().requests()).containsExactly(WRITE, READ);
            assertThat(other.text(id)).hasSize(2);
        }
    }

    @Test
    void aBlindWriteWhoseReadIsLostTooIsUnknown() {
        lose(2);
        assertThatThrownBy(() -> sample.put(id, 1)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(sample.wire().requests()).containsExactly(WRITE, READ);
    }

    @Test
    void aCompareAndSetIsRepeatedAndFoundInTheRow() {
        for (int losses = 1; losses <= 2; losses++) {
            RowVersion before = sample.head(id).version();
            lose(losses);
            assertThat(sample.cas(id, before, Sample.inline(1))).isInstanceOf(CasOutcome.Applied.class);
            assertThat(sample.wire().requests())
                    .containsExactlyElementsOf(
                            losses == 1 ? List.of(WRITE, WRITE, READ) : List.of(WRITE, WRITE, WRITE, READ));
        }
    }

    @Test
    void itIsRepeatedTwiceAtMost() {
        lose(9);
        assertThatThrownBy(() -> sample.cas(id, RowVersion.ABSENT, Sample.inline(1)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(sample.wire().requests()).containsExactly(WRITE, WRITE, WRITE);
    }

    /** Twice each would be three times the load, of a server that has too much of it already. */
    @Test
    void aServerThatLosesEveryAnswerIsNotAskedAgainForLong() {
        int calls = 200;
        lose(Integer.MAX_VALUE);
        for (int i = 0; i < calls; i++) {
            assertThatThrownBy(() -> sample.cas(id, RowVersion.ABSENT, Sample.inline(1)))
                    .isInstanceOf(OutcomeUnknownException.class);
        }
        assertThat(sample.wire().requests().size()).isBetween(calls + 1, calls + calls / 10 + 20);
    }

    @Test
    void aCompareAndSetThatWasOvertakenIsRefusedAndSaysThatItMayHaveBeenApplied() {
        lose(1);
        sample.wire().whenLost(() -> other.cas(id, other.head(id).version(), Sample.inline(2)));

        assertThat(sample.cas(id, RowVersion.ABSENT, Sample.inline(1))).isEqualTo(new CasOutcome.Refused(null, true));
        assertThat(other.text(id)).hasSize(2);
    }

    @Test
    void aBumpIsOursOnlyIfTheWholeHeadIs() {
        sample.cas(id, RowVersion.ABSENT, Sample.inline(1));
        RowHead head = sample.head(id);
        RowChange change = RowChange.metadata(ObjectMetadata.of("text/html"), head.deadline());
        lose(1);
        assertThat(sample.bump(id, head, change)).isInstanceOf(CasOutcome.Applied.class);
        assertThat(sample.wire().requests()).containsExactly(WRITE, WRITE, READ);

        RowHead next = sample.head(id);
        // Another one's bump to the same version came first, and the answer that says so is lost.
        other.bump(id, next, RowChange.fence(1));
        lose(1);
        assertThat(sample.bump(id, next, change)).isEqualTo(new CasOutcome.Refused(null, true));
        assertThat(other.head(id).version()).isEqualTo(next.version().bumped(1));
    }

    /** It says nothing about the attempt before. */
    @Test
    void aDefiniteFailureAfterALossIsUnknown() {
        lose(1);
        sample.wire().whenLost(() -> sample.wire().lose(1, Status.PERMISSION_DENIED));

        assertThatThrownBy(() -> sample.cas(id, RowVersion.ABSENT, Sample.inline(1)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(sample.wire().requests()).containsExactly(WRITE, WRITE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"OK"},
            mode = EnumSource.Mode.EXCLUDE)
    void eachCodeSaysWhetherAWriteMayHaveHappened(Status.Code code) {
        Class<? extends TerraceException> definite =
                switch (code) {
                    case RESOURCE_EXHAUSTED -> ThrottledException.class;
                    case PERMISSION_DENIED, UNAUTHENTICATED -> PermissionDeniedException.class;
                    case NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT -> ConfigurationException.class;
                    default -> null;
                };
        sample.wire().lose(9, code.toStatus());
        TerraceException write = catchThrowableOfType(TerraceException.class, () -> sample.put(id, 1));
        TerraceException read = catchThrowableOfType(TerraceException.class, () -> sample.read(id, RowProjection.HEAD));

        assertThat(write).isInstanceOf(definite == null ? OutcomeUnknownException.class : definite);
        assertThat(write.determinacy()).isEqualTo(definite == null ? Determinacy.UNKNOWN : Determinacy.NOT_APPLIED);
        assertThat(read.determinacy()).isEqualTo(Determinacy.NOT_APPLIED);
        assertThat(read)
                .isInstanceOf(
                        definite != null
                                ? definite
                                : code == Status.Code.DEADLINE_EXCEEDED
                                        ? DeadlineExceededException.class
                                        : BackendUnavailableException.class);
    }

    private void lose(int answers) {
        sample.wire().requests();
        sample.wire().whenLost(null);
        sample.wire().lose(answers, Status.UNAVAILABLE);
    }
}
