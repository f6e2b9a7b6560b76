// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.time.Duration;

/** What can be configured, with the defaults that the builders share. */
final class InMemoryOptions {

    static final Duration DEFAULT_RETENTION = Duration.ofHours(25);
    static final long DEFAULT_CAPACITY_BYTES = 256L << 20;
    static final int DEFAULT_PAYLOAD_BYTES = 8 << 20;
    static final int DEFAULT_ENTRIES = 1_000_000;

    static final Option<Duration> MARKER_RETENTION = Option.duration(
            "marker-retention", DEFAULT_RETENTION, "How long a deleted row is remembered after its last write.");
    static final Option<Long> CAPACITY_BYTES = Option.size(
                    "capacity-bytes",
                    DEFAULT_CAPACITY_BYTES,
                    "How many bytes of rows, or of blobs, fit before writes are refused.")
            .where(bytes -> bytes > 0, "at least one byte");
    static final Option<Integer> MAX_PAYLOAD_BYTES =
            Option.integer("max-payload-bytes", DEFAULT_PAYLOAD_BYTES, 1, "The largest payload of a row.");
    static final Option<Integer> MIN_PART_BYTES =
            Option.integer("min-part-bytes", 0, 0, "The smallest part of an upload in parts, the last one excepted.");
    static final Option<Integer> MAX_ENTRIES = Option.integer(
            "max-entries", DEFAULT_ENTRIES, 1, "How many changes can be in flight before further ones are refused.");

    static final ConfigSchema SCHEMA =
            ConfigSchema.of(MARKER_RETENTION, CAPACITY_BYTES, MAX_PAYLOAD_BYTES, MIN_PART_BYTES, MAX_ENTRIES);

    private InMemoryOptions() {}
}
