// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {

    @Test
    void theHeaderIsReadAndWritten() {
        ContentRange range = ContentRange.parse("bytes 5-9/100");
        assertThat(range).isEqualTo(new ContentRange(5, 9, 100));
        assertThat(range.headerValue()).isEqualTo("bytes 5-9/100");
        assertThat(ContentRange.parse("BYTES 0-0/1")).isEqualTo(new ContentRange(0, 0, 1));
    }

    @Test
    void theLengthCountsBothEnds() {
        assertThat(new ContentRange(5, 9, 100).length()).isEqualTo(5);
        assertThat(new ContentRange(0, 0, 1).length()).isEqualTo(1);
        assertThat(new ContentRange(0, Long.MAX_VALUE - 2, Long.MAX_VALUE - 1).length())
                .isEqualTo(Long.MAX_VALUE - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes ",
                "bytes */100",
                "bytes 5-9",
                "bytes 5-9/",
                "bytes 5-9/*",
                "bytes -9/100",
                "bytes 5-/100",
                "bytes 5/9-100",
                "items 5-9/100",
                "5-9/100",
                "bytes=5-9/100",
                "bytes 9-5/100",
                "bytes 0-100/100",
                "bytes 0-0/0",
                "bytes 5-9/100 ",
                "bytes  5-9/100",
                "bytes +5-9/100",
                "bytes 5-9/99999999999999999999"
            })
    void aMalformedHeaderIsRefused(String header) {
        assertThatThrownBy(() -> ContentRange.parse(header)).isInstanceOf(InvalidRangeException.class);
    }

    @Test
    void aMalformedHeaderIsRefusedWithTheForm() {
        assertThatThrownBy(() -> ContentRange.parse("bytes 5-9/*"))
                .hasMessage("content range 'bytes 5-9/*' is malformed; expected bytes first-last/total");
        assertThatThrownBy(() -> ContentRange.parse("bytes 0-100/100"))
                .hasMessage("content range 0-100/100 is not inside the object; need 0 <= first <= last < total");
    }

    @ParameterizedTest
    @CsvSource({"bytes */0, 0", "bytes */100, 100", "Bytes */7, 7"})
    void theSizeOfAnObjectWithoutSuchBytesIsRead(String header, long total) {
        assertThat(ContentRange.parseUnsatisfiedTotal(header)).hasValue(total);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes */",
                "bytes */*",
                "bytes */-1",
                "bytes */a",
                "bytes 0-1/100",
                "*/100",
                "items */100",
                "bytes */99999999999999999999"
            })
    void anyOtherTextNamesNoSize(String header) {
        assertThat(ContentRange.parseUnsatisfiedTotal(header)).isEmpty();
    }
}
