// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.jspecify.annotations.Nullable;

/**
 * How to read an object.
 *
 * @param range the bytes that are wanted, or {@code null} for all
 */
public record GetOptions(@Nullable ByteRange range) {

    private static final GetOptions ALL = new GetOptions(null);

    /** The whole object. */
    public static GetOptions all() {
        return ALL;
    }

    /** A part of it, clamped to its size as {@link ByteRange#resolve} says. */
    public static GetOptions range(ByteRange range) {
        return new GetOptions(range);
    }
}
