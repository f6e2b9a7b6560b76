// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A value and whose it is.
 *
 * @param key relative to its bucket, as it is given to the methods of {@link Bucket}
 * @param value its bytes, from position to limit; read-only, and the caller's own to read from
 * @param revision which value this is
 * @param owner the {@linkplain KeyValueStore#owner() store} that wrote it
 */
public record Entry(String key, ByteBuffer value, Revision revision, String owner) {

    public Entry {
        Objects.requireNonNull(key, "key");
        value = value.asReadOnlyBuffer();
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(owner, "owner");
    }

    @Override
    public ByteBuffer value() {
        return value.duplicate();
    }

    /** For logs: without the value, which may be secret. */
    @Override
    public String toString() {
        return "Entry[key=" + key + ", bytes=" + value.remaining() + ", revision=" + revision + ", owner=" + owner
                + "]";
    }
}
