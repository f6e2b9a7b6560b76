// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.spi.RowHead;
import io.terrace.spi.RowVersion;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An entry that this store wrote and keeps alive.
 *
 * @param key the key
 * @param value to publish it again
 * @param version where the row was when it was last heard of
 * @param head the row at that version; {@code null} before it was read for the first time
 */
record Lease(
        String key,
        ByteBuffer value,
        RowVersion version,
        @Nullable RowHead head) {

    static Lease written(String key, ByteBuffer value, RowVersion version) {
        return new Lease(key, value, version, null);
    }

    /** The same value, seen later. */
    Lease at(RowHead now) {
        return new Lease(key, value, now.version(), now);
    }
}
