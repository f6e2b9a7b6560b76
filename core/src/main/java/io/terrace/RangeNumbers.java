// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.OptionalLong;

/** Byte positions as they are written in range headers: ASCII digits only, without a sign. */
final class RangeNumbers {
    private RangeNumbers() {}

    /** Empty unless the text is a number. One that exceeds a long becomes the largest long: both lie beyond every object. */
    static OptionalLong parse(String digits) {
        if (digits.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (!Texts.isAsciiDigit(c)) {
                return OptionalLong.empty();
            }
            int digit = c - '0';
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return OptionalLong.of(value);
    }
}
