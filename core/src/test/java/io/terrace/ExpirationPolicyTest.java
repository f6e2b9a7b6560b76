// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpirationPolicyTest {
    private static final Duration MONTH_AND_A_BIT = Duration.ofDays(31);

    @Test
    void theTextFormIsReadBack() {
        assertThat(ExpirationPolicy.manual()).hasToString("manual");
        assertThat(ExpirationPolicy.timeToLive(Duration.ofDays(30))).hasToString("ttl:30days");
        assertThat(ExpirationPolicy.timeToIdle(MONTH_AND_A_BIT)).hasToString("tti:1month 13h 26m 24s");
        assertThat(ExpirationPolicy.parse("manual")).isEqualTo(ExpirationPolicy.manual());
        assertThat(ExpirationPolicy.parse("ttl:30days")).isEqualTo(ExpirationPolicy.timeToLive(Duration.ofDays(30)));
        assertThat(ExpirationPolicy.parse("tti:1month 13h 26m 24s"))
                .isEqualTo(ExpirationPolicy.timeToIdle(MONTH_AND_A_BIT));
        assertThat(ExpirationPolicy.parse("ttl:0s")).isEqualTo(ExpirationPolicy.timeToLive(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ttl",
                "ttl:",
                "tti:",
                "ttl: ",
                "tt:1s",
                "TTL:1s",
                "Manual",
                "manual ",
                "manual:1s",
                "ttl:1",
                "1s",
                "ttl:-1s"
            })
    void aMalformedTextIsRefused(String text) {
        assertThatThrownBy(() -> ExpirationPolicy.parse(text))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage("expiration policy '" + text + "' is malformed; "
                        + "write manual, ttl:<duration> or tti:<duration>, for example ttl:30days");
    }

    @Test
    void aNegativeDurationIsRefused() {
        assertThatThrownBy(() -> ExpirationPolicy.timeToLive(Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage("expiration after PT-1S is negative; use zero or more");
        assertThatThrownBy(() -> ExpirationPolicy.timeToIdle(Duration.ofNanos(-1)))
                .isInstanceOf(InvalidMetadataException.class);
    }

    @Test
    void onlyAPolicyWithADurationTimesOut() {
        assertThat(ExpirationPolicy.manual().isManual()).isTrue();
        assertThat(ExpirationPolicy.manual().isTimeout()).isFalse();
        assertThat(ExpirationPolicy.manual().duration()).isEmpty();
        for (ExpirationPolicy policy : new ExpirationPolicy[] {
            ExpirationPolicy.timeToLive(Duration.ofSeconds(5)), ExpirationPolicy.timeToIdle(Duration.ofSeconds(5))
        }) {
            assertThat(policy.isManual()).isFalse();
            assertThat(policy.isTimeout()).isTrue();
            assertThat(policy.duration()).contains(Duration.ofSeconds(5));
        }
    }

    @Test
    void foldingCallsTheFunctionOfThePolicy() {
        assertThat(fold(ExpirationPolicy.manual())).isEqualTo("manual");
        assertThat(fold(ExpirationPolicy.timeToLive(Duration.ofSeconds(5)))).isEqualTo("ttl PT5S");
        assertThat(fold(ExpirationPolicy.timeToIdle(Duration.ofSeconds(6)))).isEqualTo("tti PT6S");
    }

    private static String fold(ExpirationPolicy policy) {
        return policy.fold(() -> "manual", ttl -> "ttl " + ttl, tti -> "tti " + tti);
    }
}
