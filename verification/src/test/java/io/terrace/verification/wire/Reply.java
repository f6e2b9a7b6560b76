// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came.
 *
 * @param connection which the body comes on; its receiver gives it back. {@code null} if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares replies
record Reply(
        long token,
        @Nullable Object value,
        byte[] bytes,
        @Nullable RemoteConnection connection) {

    <T> T value(Class<T> type) {
        return type.cast(Objects.requireNonNull(value));
    }
}
