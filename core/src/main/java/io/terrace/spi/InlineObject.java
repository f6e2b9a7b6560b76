// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.ObjectMetadata;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A small object, as it goes into a row.
 *
 * @param metadata its metadata, size included
 * @param deadline when it expires
 * @param payload its bytes, from position to limit. They belong to the backend for the duration of the call and are not
 *     changed by it: a backend reads through a duplicate, since an identical attempt may follow
 */
public record InlineObject(ObjectMetadata metadata, Deadline deadline, ByteBuffer payload) {

    public InlineObject {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(deadline, "deadline");
        Objects.requireNonNull(payload, "payload");
    }
}
