// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "12B, 12",
        "1KiB, 1024",
        "' 8 MiB ', 8388608",
        "2GiB, 2147483648",
        "3TiB, 3298534883328",
        "9223372036854775807, 9223372036854775807"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.5MiB", "8MB", "8M", "8mib", "MiB", "1_000", "0x10", "١"})
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a number of bytes such as 4096, 512KiB, 8MiB or 2GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "9999999999999999999", "8388608TiB"})
    void moreThanALongHoldsIsRefused(String text) {
        assertThatThrownBy(() -> Sizes.parse(text)).hasMessage("is more bytes than there can be");
    }

    @Test
    void everySizeIsReadBack() {
        assertThat(Sizes.format(8 << 20)).isEqualTo("8MiB");
        assertThat(Sizes.format(0)).isEqualTo("0");
        assertThat(Sizes.format(1025)).isEqualTo("1025");
        Seeded.cases(2000, random -> {
            long any = random.nextLong() >>> (1 + random.nextInt(63));
            long bytes = any - any % (1L << (10 * random.nextInt(5)));
            assertThat(Sizes.parse(Sizes.format(bytes))).isEqualTo(bytes);
        });
    }
}
