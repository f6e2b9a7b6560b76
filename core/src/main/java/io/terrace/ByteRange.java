// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A request for a part of an object. Positions are of stored bytes, so of compressed ones if the object is compressed. */
public sealed interface ByteRange {
    /** The bytes {@code first} to {@code last}, both inclusive. */
    static ByteRange bounded(long first, long last) {
        return new Bounded(first, last);
    }

    /** All bytes from {@code first} on. */
    static ByteRange from(long first) {
        return new From(first);
    }

    /** The last {@code count} bytes. */
    static ByteRange last(long count) {
        return new Last(count);
    }

    /**
     * Reads a {@code Range} header.
     *
     * @return empty if it asks for several ranges, which HTTP allows to ignore: serve the whole object
     * @throws InvalidRangeException if the unit is not bytes, or the range is malformed
     */
    static Optional<ByteRange> parseHeader(String header) {
        int equals = header.indexOf('=');
        String unit = equals < 0 ? "" : header.substring(0, equals).trim().toLowerCase(Locale.ROOT);
        if (!unit.equals("bytes")) {
            throw new InvalidRangeException(
                    "range " + Texts.quote(header) + " does not start with bytes=; no other unit is known");
        }
        String spec = header.substring(equals + 1).trim();
        if (spec.indexOf(',') >= 0) {
            return Optional.empty();
        }
        int dash = spec.indexOf('-');
        if (dash < 0) {
            throw malformed(header);
        }
        OptionalLong left = RangeNumbers.parse(spec.substring(0, dash));
        OptionalLong right = RangeNumbers.parse(spec.substring(dash + 1));
        if (left.isPresent() && right.isPresent()) {
            return Optional.of(bounded(left.getAsLong(), right.getAsLong()));
        }
        if (left.isPresent() && dash == spec.length() - 1) {
            return Optional.of(from(left.getAsLong()));
        }
        if (right.isPresent() && dash == 0) {
            return Optional.of(last(right.getAsLong()));
        }
        throw malformed(header);
    }

    /**
     * The bytes this range selects of an object of {@code total} bytes, cut at its end.
     *
     * @throws RangeNotSatisfiableException if it selects none, which every range does on an empty object
     */
    ContentRange resolve(long total);

    /** The value of a {@code Range} header. */
    String headerValue();

    /** Both ends inclusive. */
    record Bounded(long first, long last) implements ByteRange {
        public Bounded {
            if (first < 0 || last < first) {
                throw new InvalidRangeException(
                        "range " + first + " to " + last + " is not a range; need 0 <= first <= last");
            }
        }

        @Override
        public ContentRange resolve(long total) {
            if (first >= total) {
                throw new RangeNotSatisfiableException(total);
            }
            return new ContentRange(first, Math.min(last, total - 1), total);
        }

        @Override
        public String headerValue() {
            return "bytes=" + first + "-" + last;
        }
    }

    /** From a position to the end. */
    record From(long first) implements ByteRange {
        public From {
            if (first < 0) {
                throw new InvalidRangeException("range from " + first + " starts before the object; use zero or more");
            }
        }

        @Override
        public ContentRange resolve(long total) {
            if (first >= total) {
                throw new RangeNotSatisfiableException(total);
            }
            return new ContentRange(first, total - 1, total);
        }

        @Override
        public String headerValue() {
            return "bytes=" + first + "-";
        }
    }

    /** A suffix. One longer than the object selects the whole object. */
    record Last(long count) implements ByteRange {
        public Last {
            if (count <= 0) {
                throw new InvalidRangeException(
                        "a range of the last " + count + " bytes selects nothing; use one or more");
            }
        }

        @Override
        public ContentRange resolve(long total) {
            if (total <= 0) {
                throw new RangeNotSatisfiableException(total);
            }
            return new ContentRange(Math.max(0, total - count), total - 1, total);
        }

        @Override
        public String headerValue() {
            return "bytes=-" + count;
        }
    }

    private static InvalidRangeException malformed(String header) {
        return new InvalidRangeException(
                "range " + Texts.quote(header) + " is malformed; write bytes=first-last, bytes=first- or bytes=-count");
    }
}
