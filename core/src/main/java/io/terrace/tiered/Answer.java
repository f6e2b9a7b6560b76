// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import org.jspecify.annotations.Nullable;

/**
 * How a write ended for its caller, and what remains to be done once the caller has been answered.
 *
 * @param value what the caller gets; {@code null} for an operation without a result, or after an error
 * @param error what the caller gets instead
 * @param aftermath work behind the answer
 */
record Answer<T>(
        @Nullable T value,
        @Nullable Throwable error,
        @Nullable Aftermath aftermath) {

    static <T> Answer<T> of(@Nullable T value, @Nullable Aftermath aftermath) {
        return new Answer<>(value, null, aftermath);
    }

    static <T> Answer<T> failed(Throwable error, @Nullable Aftermath aftermath) {
        return new Answer<>(null, error, aftermath);
    }
}
