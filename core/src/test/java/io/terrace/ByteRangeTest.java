// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @Test
    void theThreeFormsAreRead() {
        assertThat(ByteRange.parseHeader("bytes=0-499")).contains(ByteRange.bounded(0, 499));
        assertThat(ByteRange.parseHeader("bytes=7-7")).contains(ByteRange.bounded(7, 7));
        assertThat(ByteRange.parseHeader("bytes=500-")).contains(ByteRange.from(500));
        assertThat(ByteRange.parseHeader("bytes=-500")).contains(ByteRange.last(500));
    }

    @Test
    void theCaseOfTheUnitDoesNotMatter() {
        assertThat(ByteRange.parseHeader("BYTES=0-1")).contains(ByteRange.bounded(0, 1));
        assertThat(ByteRange.parseHeader("Bytes=-1")).contains(ByteRange.last(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=",
                "bytes=-",
                "bytes=5",
                "bytes=5-4",
                "bytes=-0",
                "bytes=a-b",
                "bytes=1-b",
                "bytes=a-1",
                "bytes=--1",
                "bytes=1--2",
                "bytes=-1-2",
                "bytes=+1-2",
                "bytes=1-2-3",
                "bytes=0x1-2",
                "bytes=1 - 2",
                "bytes=1.0-2",
                "bytes=١-٢"
            })
    void aMalformedRangeIsRefused(String header) {
        assertThatThrownBy(() -> ByteRange.parseHeader(header)).isInstanceOf(InvalidRangeException.class);
    }

    @Test
    void aMalformedRangeIsRefusedWithTheForms() {
        assertThatThrownBy(() -> ByteRange.parseHeader("bytes=a-b"))
                .hasMessage("range 'bytes=a-b' is malformed; write bytes=first-last, bytes=first- or bytes=-count");
        assertThatThrownBy(() -> ByteRange.parseHeader("bytes=5-4"))
                .hasMessage("range 5 to 4 is not a range; need 0 <= first <= last");
        assertThatThrownBy(() -> ByteRange.parseHeader("bytes=-0"))
                .hasMessage("a range of the last 0 bytes selects nothing; use one or more");
        assertThatThrownBy(() -> ByteRange.from(-1))
                .hasMessage("range from -1 starts before the object; use zero or more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0-1", "items=0-1", "byte=0-1", "=0-1", "bytes 0-1", "none", "lines=0-1,2-3"})
    void anotherUnitIsRefused(String header) {
        assertThatThrownBy(() -> ByteRange.parseHeader(header))
                .isInstanceOf(InvalidRangeException.class)
                .hasMessage("range '" + header + "' does not start with bytes=; no other unit is known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=0-1, -5", "bytes=0-,1-"})
    void severalRangesMeanTheWholeObject(String header) {
        assertThat(ByteRange.parseHeader(header)).isEmpty();
    }

    @Test
    void aPositionBeyondEveryObjectIsReadAsOne() {
        assertThat(ByteRange.parseHeader("bytes=0-99999999999999999999"))
                .contains(ByteRange.bounded(0, Long.MAX_VALUE));
        assertThat(ByteRange.parseHeader("bytes=9223372036854775808-")).contains(ByteRange.from(Long.MAX_VALUE));
        assertThat(ByteRange.parseHeader("bytes=9223372036854775806-")).contains(ByteRange.from(Long.MAX_VALUE - 1));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 10, 0, 0",
        "bytes=0-9, 10, 0, 9",
        "bytes=2-5, 10, 2, 5",
        "bytes=9-9, 10, 9, 9",
        "bytes=2-10, 10, 2, 9",
        "bytes=2-9223372036854775807, 10, 2, 9",
        "bytes=0-, 10, 0, 9",
        "bytes=9-, 10, 9, 9",
        "bytes=-1, 10, 9, 9",
        "bytes=-10, 10, 0, 9",
        "bytes=-11, 10, 0, 9",
        "bytes=-9223372036854775807, 1, 0, 0",
        "bytes=-5, 9223372036854775807, 9223372036854775802, 9223372036854775806",
    })
    void aRangeIsCutAtTheEndOfTheObject(String header, long total, long first, long last) {
        assertThat(ByteRange.parseHeader(header).orElseThrow().resolve(total))
                .isEqualTo(new ContentRange(first, last, total));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=10-, 10",
        "bytes=11-, 10",
        "bytes=10-10, 10",
        "bytes=10-20, 10",
        "bytes=0-, 0",
        "bytes=0-0, 0",
        "bytes=-1, 0",
        "bytes=-9223372036854775807, 0",
    })
    void aRangeThatSelectsNothingIsNotSatisfiable(String header, long total) {
        assertThatThrownBy(() -> ByteRange.parseHeader(header).orElseThrow().resolve(total))
                .isInstanceOfSatisfying(RangeNotSatisfiableException.class, e -> assertThat(e.total())
                        .isEqualTo(total))
                .hasMessage("the range selects no byte of an object of " + total
                        + " bytes; ask for a range inside the object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-499", "bytes=500-", "bytes=-500"})
    void theHeaderIsWrittenAsItWasRead(String header) {
        assertThat(ByteRange.parseHeader(header).orElseThrow().headerValue()).isEqualTo(header);
    }

    @Test
    void resolvingSelectsExactlyTheBytesThatExist() {
        // By counting, on small numbers, instead of by the same arithmetic.
        for (int total = 0; total <= 6; total++) {
            for (int a = 0; a <= 8; a++) {
                expect(ByteRange.from(a), total, a, total - 1);
                expect(a == 0 ? null : ByteRange.last(a), total, Math.max(total - a, 0), total - 1);
                for (int b = a; b <= 8; b++) {
                    expect(ByteRange.bounded(a, b), total, a, b);
                }
            }
        }
    }

    private static void expect(ByteRange range, int total, int first, int last) {
        if (range == null) {
            return;
        }
        StringBuilder wanted = new StringBuilder();
        for (int i = 0; i < total; i++) {
            wanted.append(i >= first && i <= last ? "x" : ".");
        }
        StringBuilder selected = new StringBuilder(".".repeat(total));
        try {
            ContentRange resolved = range.resolve(total);
            for (long i = resolved.first(); i <= resolved.last(); i++) {
                selected.setCharAt((int) i, 'x');
            }
            assertThat(resolved.length()).isPositive();
        } catch (RangeNotSatisfiableException none) {
            // Then nothing must be selected.
        }
        assertThat(selected).as("%s of %d", range, total).hasToString(wanted.toString());
    }
}
