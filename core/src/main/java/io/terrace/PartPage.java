// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.List;
import java.util.OptionalInt;

/**
 * Some of the parts of an upload.
 *
 * @param parts by ascending number
 * @param more whether further parts follow
 */
public record PartPage(List<PartInfo> parts, boolean more) {

    public PartPage {
        parts = List.copyOf(parts);
        if (more && parts.isEmpty()) {
            throw new IllegalArgumentException("a page after which more parts follow has at least one part");
        }
    }

    /** The number after which the next page begins; empty if this is the last one. */
    public OptionalInt nextMarker() {
        return more ? OptionalInt.of(parts.get(parts.size() - 1).number()) : OptionalInt.empty();
    }
}
