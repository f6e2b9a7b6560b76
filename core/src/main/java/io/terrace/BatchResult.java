// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one operation of a {@linkplain ObjectStore#batch batch} ended.
 *
 * @param index which one it was, from 0, in the order in which they were handed over
 * @param operation the operation
 * @param value what it answered; {@code null} if it failed, answers nothing, or found no object
 * @param error why it failed; {@code null} if it did not
 */
public record BatchResult<T>(
        long index,
        BatchOperation<? extends T> operation,
        @Nullable T value,
        @Nullable Throwable error) {

    public BatchResult {
        Objects.requireNonNull(operation, "operation");
    }

    public boolean succeeded() {
        return error == null;
    }
}
