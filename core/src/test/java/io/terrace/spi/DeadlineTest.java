// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void aDeadlineIsCutToTheMicrosecond() {
        assertThat(Deadline.at(Instant.parse("2023-11-14T22:13:20.123456789Z")).micros())
                .isEqualTo(1_700_000_000_123_456L);
        assertThat(Deadline.at(Instant.EPOCH).micros()).isZero();
        assertThat(Deadline.at(Instant.parse("9999-12-31T23:59:59.999999999Z")))
                .isLessThan(Deadline.NONE)
                .isGreaterThan(Deadline.at(Instant.parse("9999-12-31T23:59:59Z")));
    }

    @Test
    void aRowIsPastItsDeadlineStrictlyAfterIt() {
        Deadline deadline = new Deadline(1000);
        assertThat(deadline.isPastAt(999)).isFalse();
        assertThat(deadline.isPastAt(1000)).isFalse();
        assertThat(deadline.isPastAt(1001)).isTrue();
    }

    @Test
    void noneIsNeverPastAndDeadIsPastForEveryClock() {
        assertThat(Deadline.NONE.isPastAt(Long.MAX_VALUE)).isFalse();
        assertThat(Deadline.DEAD.isPastAt(Long.MIN_VALUE + 1)).isTrue();
        assertThat(Deadline.DEAD.isPastAt(0)).isTrue();
        assertThat(Deadline.NONE.isNone()).isTrue();
        assertThat(Deadline.DEAD.isDead()).isTrue();
        assertThat(new Deadline(0).isNone()).isFalse();
        assertThat(new Deadline(0).isDead()).isFalse();
    }

    @Test
    void deadIsBeforeEverythingAndNoneAfterEverything() {
        assertThat(Deadline.DEAD).isLessThan(new Deadline(-1));
        assertThat(new Deadline(-1)).isLessThan(new Deadline(1));
        assertThat(new Deadline(1)).isLessThan(Deadline.NONE).isEqualByComparingTo(new Deadline(1));
    }

    @Test
    void theTextFormIsForPeople() {
        assertThat(Deadline.NONE).hasToString("none");
        assertThat(Deadline.DEAD).hasToString("dead");
        assertThat(new Deadline(1_700_000_000_000_000L)).hasToString("2023-11-14T22:13:20Z");
        assertThat(new Deadline(Long.MAX_VALUE - 1)).hasToString("+294247-01-10T04:00:54.775806Z");
    }
}
