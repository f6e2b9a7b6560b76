// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ExpirationPolicy;
import io.terrace.ObjectMetadata;
import io.terrace.spi.RowFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlaceTest {

    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;
    private static final long NOW = 1_800_000_000_123_456L;

    @Test
    void whatNeverGoesIsWhereNothingIsDropped() {
        assertThat(Place.ofHead(RowFrame.NEVER, NOW)).isEqualTo(new Place("fm", 1_800_000_000_123_000L));
        assertThat(Place.ofHead(Long.MAX_VALUE - 1, NOW).family()).isEqualTo("fm");
    }

    @Test
    void whatGoesStaysAnHourLongerAndIsRoundedUp() {
        assertThat(Place.ofHead(NOW, NOW)).isEqualTo(new Place("fg", NOW + HOUR + 544));
        assertThat(Place.ofHead(1000, NOW)).isEqualTo(new Place("fg", HOUR + 1000));
    }

    @Test
    void aPayloadStaysAsLongAsItsHead() {
        for (long collectAt : new long[] {RowFrame.NEVER, NOW, NOW + 1, 1}) {
            Place head = Place.ofHead(collectAt, NOW);
            assertThat(head.ofPayload(ObjectMetadata.of("text/plain"))).isEqualTo(head);
        }
    }

    @Test
    void aPayloadWhoseDeadlineSlidesStaysFourIdleTimesLongerAndNinetyDaysAtMost() {
        Place head = Place.ofHead(NOW, NOW);

        assertThat(slack(head, Duration.ofHours(1))).isEqualTo(4 * HOUR);
        assertThat(slack(head, Duration.ofDays(22))).isEqualTo(88 * DAY);
        assertThat(slack(head, Duration.ofDays(23))).isEqualTo(90 * DAY);
        assertThat(slack(head, Duration.ofDays(1_000_000))).isEqualTo(90 * DAY);
        assertThat(Place.ofHead(RowFrame.NEVER, NOW).ofPayload(idle(Duration.ofHours(1))))
                .isEqualTo(Place.ofHead(RowFrame.NEVER, NOW));
    }

    @Test
    void itKeepsPaceInTheSameFamilyAndNoEarlier() {
        Place payload = new Place("fg", 5000);

        assertThat(payload.keepsPaceWith(new Place("fg", 5000))).isTrue();
        assertThat(payload.keepsPaceWith(new Place("fg", 4000))).isTrue();
        assertThat(payload.keepsPaceWith(new Place("fg", 6000))).isFalse();
        assertThat(payload.keepsPaceWith(new Place("fm", 5000))).isFalse();
        assertThat(new Place("fm", 1000).keepsPaceWith(new Place("fm", 5000))).isTrue();
        assertThat(new Place("fm", 9000).keepsPaceWith(new Place("fg", 5000))).isFalse();
    }

    private static long slack(Place head, Duration idle) {
        return head.ofPayload(idle(idle)).timestampMicros() - head.timestampMicros();
    }

    private static ObjectMetadata idle(Duration idle) {
        return ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(idle))
                .build();
    }
}
