// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void theLengthInUtf8IsThatOfTheEncodedText() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x1_1000 ? 1 : 0x101) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                String text = "a" + Character.toString(c);
                assertThat(Texts.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
            }
        }
    }

    @Test
    void aSurrogateIsPairedOrNot() {
        assertThat(Texts.hasUnpairedSurrogate("a\uD83D\uDE00b\uDBFF\uDFFF")).isFalse();
        assertThat(Texts.hasUnpairedSurrogate("\uD83D\uDE00\uDE00")).isTrue();
        assertThat(Texts.hasUnpairedSurrogate("\uDBFF")).isTrue();
        assertThat(Texts.hasUnpairedSurrogate("\uDFFF")).isTrue();
        assertThat(Texts.hasUnpairedSurrogate("\uE000\uD7FF")).isFalse();
    }

    @Test
    void aQuotedTextShowsAtMost80Characters() {
        assertThat(Texts.quote("x".repeat(80))).isEqualTo("'" + "x".repeat(80) + "'");
        assertThat(Texts.quote("x".repeat(81))).isEqualTo("'" + "x".repeat(80) + "...'");
        assertThat(Texts.quote("")).isEqualTo("''");
    }

    @Test
    void aQuotedTextShowsPlainCharactersAndEscapesTheRest() {
        assertThat(Texts.quote(" ~")).isEqualTo("' ~'");
        assertThat(Texts.quote("\u001F\u007F\n'\\é\u2028\uD83D\uDE00"))
                .isEqualTo("'\\u001f\\u007f\\u000a\\u0027\\u005c\\u00e9\\u2028\\ud83d\\ude00'");
    }
}
