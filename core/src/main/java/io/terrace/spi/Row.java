// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row as it was read.
 *
 * @param head everything but the payload
 * @param payload the payload of an INLINE row that was read {@link RowProjection#FULL in full}, read-only or the
 *     receiver's own, from position to limit; {@code null} otherwise, and {@code null} also for an expired INLINE row
 *     whose payload the store has already dropped
 */
public record Row(RowHead head, @Nullable ByteBuffer payload) {

    public Row {
        Objects.requireNonNull(head, "head");
    }

    public RowKind kind() {
        return head.kind();
    }

    public RowVersion version() {
        return head.version();
    }
}
