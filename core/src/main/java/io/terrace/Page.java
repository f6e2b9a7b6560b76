// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing.
 *
 * @param objects the objects, in the order of their keys
 * @param cursor where the next page begins; {@code null} if there is none
 */
public record Page(List<ObjectInfo> objects, @Nullable String cursor) {

    public Page {
        objects = List.copyOf(objects);
    }

    /** What to pass for the next page; empty if this is the last one. Opaque, and valid for as long as the store is. */
    public Optional<String> next() {
        return Optional.ofNullable(cursor);
    }
}
