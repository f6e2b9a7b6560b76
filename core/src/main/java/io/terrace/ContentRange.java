// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.OptionalLong;

/** The bytes that a read returned: {@code first} to {@code last}, both inclusive, of an object of {@code total} bytes. */
public record ContentRange(long first, long last, long total) {
    private static final String UNIT = "bytes ";

    public ContentRange {
        if (first < 0 || first > last || last >= total) {
            throw new InvalidRangeException("content range " + first + "-" + last + "/" + total
                    + " is not inside the object; need 0 <= first <= last < total");
        }
    }

    /** Reads the form of {@link #headerValue()}. */
    public static ContentRange parse(String header) {
        int dash = header.indexOf('-');
        int slash = header.indexOf('/');
        if (!startsWithUnit(header) || dash < 0 || slash < dash) {
            throw malformed(header);
        }
        return new ContentRange(
                number(header, UNIT.length(), dash),
                number(header, dash + 1, slash),
                number(header, slash + 1, header.length()));
    }

    /** The size in {@code bytes *}{@code /size}, which a store sends when a range selects nothing; empty for any other text. */
    public static OptionalLong parseUnsatisfiedTotal(String header) {
        return startsWithUnit(header) && header.startsWith("*/", UNIT.length())
                ? exact(header, UNIT.length() + 2, header.length())
                : OptionalLong.empty();
    }

    /** How many bytes there are. */
    public long length() {
        return last - first + 1;
    }

    /** The value of a {@code Content-Range} header: {@code bytes 0-9/100}. */
    public String headerValue() {
        return UNIT + first + "-" + last + "/" + total;
    }

    private static boolean startsWithUnit(String header) {
        return header.regionMatches(true, 0, UNIT, 0, UNIT.length());
    }

    private static long number(String header, int start, int end) {
        return exact(header, start, end).orElseThrow(() -> malformed(header));
    }

    /** Unlike a request, an answer states sizes: a number that does not fit must not be taken for another one. */
    private static OptionalLong exact(String header, int start, int end) {
        OptionalLong number = RangeNumbers.parse(header.substring(start, end));
        return number.equals(OptionalLong.of(Long.MAX_VALUE)) ? OptionalLong.empty() : number;
    }

    private static InvalidRangeException malformed(String header) {
        return new InvalidRangeException(
                "content range " + Texts.quote(header) + " is malformed; expected bytes first-last/total");
    }
}
