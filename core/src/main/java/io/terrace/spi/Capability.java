// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

/** A property of a backend that the conformance kit verifies both where it is declared and where it is not. */
public enum Capability {
    /** What was acknowledged survives the death of the process. */
    DURABLE,
    /** Several processes may open the same store at once, and every rule holds among them. */
    SHARED,
    /**
     * The backend removes old markers and expired inline rows by itself, never earlier than the marker retention.
     * Excludes the facet {@link MarkerCollection}. The kit checks that it removes nothing too early or still needed (HV-8.8,
     * HV-8.9), if it has the clock; not that it removes anything.
     */
    COLLECTS_MARKERS,
    /** Bodies of blobs can be handed out as a region of a file, see {@link io.terrace.FileRegion}. */
    FILE_REGIONS
}
