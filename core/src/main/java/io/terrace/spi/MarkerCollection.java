// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Facet of a {@link HighVolumeBackend} whose rows are collected by a pass rather than by the store itself.
 *
 * <p>A pass removes MARKER rows whose last write is older than the marker retention, and INLINE rows whose deadline is
 * past and whose last write is older than it. It never removes a TOMBSTONE. Removing earlier revives dead writes: a
 * compare-and-set that expected "absent" could land after the marker that stood in its way was gone.
 */
public interface MarkerCollection {

    /** How long a marker is kept after its last write. Longer than any operation may take from its first write to its last. */
    Duration retention();

    /** Runs one pass and answers with the number of rows that it removed. Safe at any time, beside any operation. */
    Mono<Long> collectMarkers();
}
