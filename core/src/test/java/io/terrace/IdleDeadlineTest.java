// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a read of an object that expires when idle earns it a new deadline. */
class IdleDeadlineTest {
    private static final Instant ACCESS = Instant.parse("2023-11-14T22:13:20Z");

    @Test
    void anObjectThatDoesNotIdleEarnsNone() {
        for (ExpirationPolicy policy :
                new ExpirationPolicy[] {ExpirationPolicy.manual(), ExpirationPolicy.timeToLive(Duration.ofHours(1))}) {
            ObjectMetadata stale = ObjectMetadata.builder()
                    .expiration(policy)
                    .timeExpires(ACCESS)
                    .build();
            assertThat(stale.idleDeadlineAfterAccess(ACCESS)).isEmpty();
        }
    }

    @Test
    void anObjectWithoutADeadlineEarnsNone() {
        ObjectMetadata unstamped = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofHours(1)))
                .build();
        assertThat(unstamped.idleDeadlineAfterAccess(ACCESS)).isEmpty();
    }

    /** A quarter of the idle time, at most a day, is given away so that a busy object is not rewritten by each read. */
    @ParameterizedTest
    @CsvSource({
        "PT4S, PT3S",
        "PT1M, PT45S",
        "PT4H, PT3H",
        "P4D, P3D",
        "P5D, P4D",
        "P30D, P29D",
        "P365D, P364D",
        "PT0.000000001S, PT0.000000001S",
    })
    void theDeadlineIsRenewedOnceItIsStale(Duration idle, Duration stale) {
        Instant limit = ACCESS.plus(stale);
        assertThat(earned(idle, limit)).isNull();
        assertThat(earned(idle, limit.plusNanos(1))).isNull();
        assertThat(earned(idle, limit.minusNanos(1))).isEqualTo(Timestamps.truncate(ACCESS.plus(idle)));
    }

    @Test
    void aFreshObjectEarnsNone() {
        ObjectMetadata fresh = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(Duration.ofDays(2)))
                .build()
                .stampedAt(ACCESS);
        assertThat(fresh.idleDeadlineAfterAccess(ACCESS)).isEmpty();
        assertThat(fresh.idleDeadlineAfterAccess(ACCESS.plus(Duration.ofHours(12))))
                .isEmpty();
        assertThat(fresh.idleDeadlineAfterAccess(
                        ACCESS.plus(Duration.ofHours(12)).plusNanos(1000)))
                .contains(ACCESS.plus(Duration.ofHours(60)).plusNanos(1000));
    }

    @Test
    void anIdleTimeOfAgesIsRenewedToTheEndOfAllTime() {
        assertThat(earned(Duration.ofSeconds(Long.MAX_VALUE), ACCESS)).isEqualTo("9999-12-31T23:59:59.999999Z");
    }

    @Test
    void theTrueIdleTimeLiesBetweenTheIdleTimeLessTheDebounceAndTheIdleTime() {
        Seeded.cases(2000, random -> {
            Duration idle = Duration.ofMillis(1 + random.nextInt(1_000_000_000));
            ObjectMetadata object = ObjectMetadata.builder()
                    .expiration(ExpirationPolicy.timeToIdle(idle))
                    .build()
                    .stampedAt(ACCESS);
            Instant lastRead = ACCESS;
            for (int reads = random.nextInt(10); reads > 0; reads--) {
                lastRead = lastRead.plusMillis(random.nextInt((int) Math.min(idle.toMillis(), 1 << 30)));
                if (object.isExpiredAt(lastRead)) {
                    return;
                }
                Instant read = lastRead;
                ObjectMetadata before = object;
                object = object.idleDeadlineAfterAccess(read)
                        .map(deadline ->
                                before.toBuilder().timeExpires(deadline).build())
                        .orElse(before);
            }
            Duration left = Duration.between(lastRead, object.timeExpires());
            Duration quarter = idle.dividedBy(4);
            Duration debounce = quarter.compareTo(Duration.ofDays(1)) < 0 ? quarter : Duration.ofDays(1);
            assertThat(left).isBetween(idle.minus(debounce).minusNanos(1000), idle);
        });
    }

    private static Instant earned(Duration idle, Instant expires) {
        return ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToIdle(idle))
                .timeExpires(expires)
                .build()
                .idleDeadlineAfterAccess(ACCESS)
                .orElse(null);
    }
}
