// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers.
 *
 * @param value stays in the process
 * @param bytes cross the wire
 * @param body follows in frames of its own, until an empty one; {@code null} if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
record Answer(
        @Nullable Object value, byte[] bytes, @Nullable List<byte[]> body) {

    /** As many bytes as a description has. */
    private static final byte[] DESCRIPTION = new byte[120];

    static Answer of(@Nullable Object value) {
        return new Answer(value, DESCRIPTION, null);
    }

    static Answer of(Object value, byte[] bytes) {
        return new Answer(value, bytes, null);
    }

    static Answer withBody(Object value, List<byte[]> body) {
        return new Answer(value, DESCRIPTION, body);
    }
}
