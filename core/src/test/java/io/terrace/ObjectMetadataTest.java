// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectMetadataTest {
    private static final Instant NOW = Instant.parse("2023-11-14T22:13:20.123456789Z");
    private static final Instant NOW_MICROS = Instant.parse("2023-11-14T22:13:20.123456Z");

    @Test
    void theDefaultsAreOctetsThatNeverExpire() {
        ObjectMetadata defaults = ObjectMetadata.defaults();
        assertThat(defaults.contentType()).isEqualTo("application/octet-stream");
        assertThat(defaults.expiration()).isEqualTo(ExpirationPolicy.manual());
        assertThat(defaults.timeCreated()).isNull();
        assertThat(defaults.timeExpires()).isNull();
        assertThat(defaults.compression()).isNull();
        assertThat(defaults.origin()).isNull();
        assertThat(defaults.filename()).isNull();
        assertThat(defaults.size()).isEqualTo(-1);
        assertThat(defaults.custom()).isEmpty();
        assertThat(defaults).isEqualTo(ObjectMetadata.builder().build());
    }

    @Test
    void aCopyEqualsTheOriginalAndEachFieldCounts() {
        ObjectMetadata full = MetadataSamples.full();
        assertThat(full.toBuilder().build()).isEqualTo(full).hasSameHashCodeAs(full);
        assertThat(full.toBuilder().contentType("a/b").build()).isNotEqualTo(full);
        assertThat(full.toBuilder().expiration(ExpirationPolicy.manual()).build())
                .isNotEqualTo(full);
        assertThat(full.toBuilder().timeCreated(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().timeExpires(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().compression(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().origin(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().filename(null).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().size(-1).build()).isNotEqualTo(full);
        assertThat(full.toBuilder().custom("another", "entry").build()).isNotEqualTo(full);
        assertThat(full.toBuilder().custom(Map.of("a", "b")).build().custom()).containsOnlyKeys("a");
    }

    @Test
    void aBuilderThatGoesOnDoesNotChangeWhatItBuilt() {
        ObjectMetadata.Builder builder = ObjectMetadata.builder().custom("a", "1");
        ObjectMetadata built = builder.build();
        assertThat(builder.custom("a", "2").build().custom()).containsEntry("a", "2");
        assertThat(built.custom()).containsEntry("a", "1");
        assertThatThrownBy(() -> built.custom().put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void stampingSetsTheTimesToTheMicrosecond() {
        ObjectMetadata ttl =
                withPolicy(ExpirationPolicy.timeToLive(Duration.ofHours(1))).stampedAt(NOW);
        assertThat(ttl.timeCreated()).isEqualTo(NOW_MICROS);
        assertThat(ttl.timeExpires()).isEqualTo(NOW_MICROS.plusSeconds(3600));
        ObjectMetadata tti =
                withPolicy(ExpirationPolicy.timeToIdle(Duration.ofHours(2))).stampedAt(NOW);
        assertThat(tti.timeExpires()).isEqualTo(NOW_MICROS.plusSeconds(7200));
    }

    @Test
    void stampingReplacesTheTimesOfACaller() {
        ObjectMetadata manual = ObjectMetadata.builder()
                .timeCreated(Instant.EPOCH)
                .timeExpires(Instant.EPOCH)
                .build()
                .stampedAt(NOW);
        assertThat(manual.timeCreated()).isEqualTo(NOW_MICROS);
        assertThat(manual.timeExpires()).isNull();
    }

    @Test
    void aPolicyBeyondAllTimeExpiresAtItsEnd() {
        ObjectMetadata ages = withPolicy(ExpirationPolicy.timeToLive(Duration.ofSeconds(Long.MAX_VALUE)))
                .stampedAt(NOW);
        assertThat(ages.timeExpires()).isEqualTo("9999-12-31T23:59:59.999999Z");
    }

    @Test
    void anObjectIsExpiredStrictlyAfterItsTime() {
        Instant deadline = Instant.parse("2024-01-01T00:00:00Z");
        ObjectMetadata ttl = withPolicy(ExpirationPolicy.timeToLive(Duration.ZERO)).toBuilder()
                .timeExpires(deadline)
                .build();
        assertThat(ttl.isExpiredAt(deadline.minusNanos(1))).isFalse();
        assertThat(ttl.isExpiredAt(deadline)).isFalse();
        assertThat(ttl.isExpiredAt(deadline.plusNanos(1))).isTrue();
        ObjectMetadata manual =
                ttl.toBuilder().expiration(ExpirationPolicy.manual()).build();
        assertThat(manual.isExpiredAt(deadline.plusSeconds(1))).isFalse();
        assertThat(withPolicy(ExpirationPolicy.timeToLive(Duration.ZERO)).isExpiredAt(deadline))
                .isFalse();
    }

    @Test
    void aFieldThatCannotBeStoredIsNamed() {
        assertRefused(
                ObjectMetadata.builder().timeCreated(Instant.EPOCH.minusNanos(1)),
                "time created 1969-12-31T23:59:59.999999999Z cannot be stored; use a time from 1970 to 9999");
        assertRefused(
                ObjectMetadata.builder().timeExpires(Timestamps.MAX.plusNanos(1)),
                "time expires +10000-01-01T00:00:00Z cannot be stored; use a time from 1970 to 9999");
        assertRefused(
                ObjectMetadata.builder().origin("\uD800"),
                "origin has an unpaired surrogate and therefore no UTF-8 form; repair the text");
        assertRefused(
                ObjectMetadata.builder().filename("a\uDC00"),
                "filename has an unpaired surrogate and therefore no UTF-8 form; repair the text");
        assertRefused(ObjectMetadata.builder().size(-2), "size -2 is negative; use -1 if it is not known");
        assertRefused(
                ObjectMetadata.builder().custom("", "v"), "a custom metadata key is empty; give the entry a name");
        assertRefused(
                ObjectMetadata.builder().custom("k", "secret\uD800"),
                "custom metadata entry 'k' has an unpaired surrogate and therefore no UTF-8 form; repair the text");
        assertRefused(
                ObjectMetadata.builder().custom("\uD800", "v"),
                "custom metadata key has an unpaired surrogate and therefore no UTF-8 form; repair the text");
    }

    @Test
    void whatIsTooLargeToBeStoredIsRefusedBeforeItIsStamped() {
        // The largest that passes still fits when it is stamped, whatever fills it.
        for (String filler : new String[] {"a", "\u0001", "\"", "漢", "\uD83D\uDE00"}) {
            int fits = 0;
            int tooMuch = 20_000;
            while (tooMuch - fits > 1) {
                int middle = (fits + tooMuch) / 2;
                if (builds(filler.repeat(middle))) {
                    fits = middle;
                } else {
                    tooMuch = middle;
                }
            }
            ObjectMetadata largest = policyAnd(filler.repeat(fits)).build();
            ObjectMetadata stamped =
                    largest.stampedAt(NOW).toBuilder().size(Long.MAX_VALUE).buildStored();
            assertThat(stamped.toJson().length).isBetween(15_750, MetadataChecks.MAX_JSON_BYTES);
            assertThat(ObjectMetadata.fromJson(stamped.toJson())).isEqualTo(stamped);
        }
    }

    @Test
    void whateverFieldIsTooLargeIsCounted() {
        String large = "x".repeat(MetadataChecks.MAX_JSON_BYTES);
        assertThatThrownBy(() -> ObjectMetadata.builder().origin(large).build()).isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> ObjectMetadata.builder().filename(large).build())
                .isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> ObjectMetadata.of("a/" + large)).isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() -> ObjectMetadata.builder().custom(large, "").build())
                .isInstanceOf(TooLargeException.class);
    }

    @Test
    void theCountedSizeChangesNothingElse() {
        ObjectMetadata full = MetadataSamples.full();
        assertThat(full.sized(43)).isEqualTo(full.toBuilder().size(43).build());
    }

    @Test
    void theSizeCheckIsSafeForManyEntriesToo() {
        ObjectMetadata.Builder builder = ObjectMetadata.builder();
        for (int i = 1000; i < 2400; i++) {
            builder.custom("k" + i, "");
        }
        builder.build();
        assertThatThrownBy(() -> {
                    for (int i = 2400; i < 2700; i++) {
                        builder.custom("k" + i, "").build();
                    }
                })
                .isInstanceOf(TooLargeException.class)
                .hasMessageMatching("the metadata takes 158\\d\\d bytes as JSON, at most 15872 are possible; "
                        + "shorten the custom entries, or store them as an object of their own");
    }

    @Test
    void theTextFormShowsNoValueOfTheCaller() {
        assertThat(MetadataSamples.full().toString())
                .contains("image/png", "tti:1month 13h 26m 24s", "zstd", "42", "trace-id")
                .doesNotContain("203.0.113.7", "holiday.png", "abc123");
    }

    private static boolean builds(String value) {
        try {
            policyAnd(value).build();
            return true;
        } catch (TooLargeException tooLarge) {
            return false;
        }
    }

    private static ObjectMetadata.Builder policyAnd(String value) {
        return ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .compression(Compression.ZSTD)
                .custom("k", value);
    }

    private static ObjectMetadata withPolicy(ExpirationPolicy policy) {
        return ObjectMetadata.builder().expiration(policy).build();
    }

    private static void assertRefused(ObjectMetadata.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidMetadataException.class)
                .hasMessage(message);
    }
}
