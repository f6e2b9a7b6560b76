// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTest {
    private static final Option<Long> SIZE = Option.size("size", 1 << 20, "How large.");

    @Test
    void aSizeHasItsDefaultInTheLargestUnit() {
        assertThat(SIZE.defaultText()).isEqualTo("1MiB");
        assertThat(SIZE.type()).isEqualTo("size");
    }

    @ParameterizedTest
    @CsvSource({"0.6, 0.6", "1, 1", "-2.50, -2.5", "1e3, 1000", "1.0E-5, 0.00001"})
    void numbersAreRead(String text, double value) {
        assertThat(Option.number("share", 0.5, "How much.").parser().apply(text))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Infinity", "-Infinity", "0x1p3", "1d", ".5", "5.", "1,5", "half"})
    void whatOnlyAProgramTakesForANumberIsRefused(String text) {
        assertThatThrownBy(
                        () -> Option.number("share", 0.5, "How much.").parser().apply(text))
                .hasMessage("expected a number such as 0.5");
    }

    @Test
    void aNarrowerOptionSaysWhatItsValuesMustBe() {
        Option<Long> narrow = SIZE.where(bytes -> bytes <= 2048, "at most 2KiB");
        assertThat(narrow.parser().apply("2KiB")).isEqualTo(2048);
        assertThat(narrow.type()).isEqualTo("size, at most 2KiB");
        assertThatThrownBy(() -> narrow.parser().apply("2049")).hasMessage("must be at most 2KiB");
    }

    @Test
    void anOptionCanHaveAWordForAValueAndAWordForNone() {
        Option<Optional<Duration>> limit = Option.duration("limit", Duration.ZERO, "How long.")
                .or("always", Duration.ofDays(1))
                .optional("none");
        assertThat(limit.defaultText()).isEqualTo("none");
        assertThat(limit.parser().apply("none")).isEmpty();
        assertThat(limit.parser().apply(" always ")).contains(Duration.ofDays(1));
        assertThat(limit.parser().apply("5s")).contains(Duration.ofSeconds(5));
        assertThat(limit.type()).isEqualTo("duration, or `always`, or `none`");
        assertThatThrownBy(() -> limit.parser().apply("never"))
                .hasMessage("expected a duration such as 500ms, 30s, 5m, 25h, 7d or PT30S, or 'always', or 'none'");
    }

    @Test
    void aSecretMustBeGiven() {
        Option<String> key = Option.secret("secret-key", "Who may enter.");
        assertThat(key.sensitive()).isTrue();
        assertThat(key.isRequired()).isTrue();
    }
}
