// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.nio.file.Path;
import java.time.Duration;

/** What can be configured, with the defaults that the builder shares. */
final class RocksDbOptions {

    static final Duration DEFAULT_RETENTION = Duration.ofHours(25);
    static final long DEFAULT_BLOCK_CACHE = 64L << 20;
    static final long DEFAULT_WRITE_BUFFERS = 64L << 20;
    static final int DEFAULT_THREADS = 8;
    static final int DEFAULT_QUEUE = 4096;

    static final Option<Path> PATH = Option.path("path", "The directory; made if it does not exist.");
    static final Option<Boolean> FSYNC = new Option<>(
            "fsync",
            "`always` or `never`",
            "Whether a write is on the disk before it is acknowledged: always, or never, for tests and measurements only.",
            RocksDbOptions::fsyncOf,
            "always",
            false);
    static final Option<Duration> MARKER_RETENTION = Option.duration(
            "marker-retention",
            DEFAULT_RETENTION,
            "How long a deleted row is remembered; longer than any operation may take.");
    static final Option<Long> BLOCK_CACHE = Option.size(
                    "block-cache", DEFAULT_BLOCK_CACHE, "Native memory for what was read from the disk.")
            .where(bytes -> bytes > 0, "at least one byte");
    static final Option<Long> WRITE_BUFFERS = Option.size(
                    "write-buffers",
                    DEFAULT_WRITE_BUFFERS,
                    "Native memory for what was written and is not in its place on the disk yet.")
            .where(bytes -> bytes >= 1 << 20, "at least 1MiB");
    static final Option<Integer> READ_THREADS =
            Option.integer("read-threads", DEFAULT_THREADS, 1, "How many threads wait for the disk to read.");
    static final Option<Integer> READ_QUEUE = Option.integer(
            "read-queue", DEFAULT_QUEUE, 1, "How many calls may wait for the disk to read; more are refused.");
    static final Option<Integer> WRITE_QUEUE = Option.integer(
            "write-queue", DEFAULT_QUEUE, 1, "How many writes may be under way at a time; more are refused.");

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            PATH, FSYNC, MARKER_RETENTION, BLOCK_CACHE, WRITE_BUFFERS, READ_THREADS, READ_QUEUE, WRITE_QUEUE);

    private RocksDbOptions() {}

    private static Boolean fsyncOf(String text) {
        return switch (text.trim()) {
            case "always" -> true;
            case "never" -> false;
            default -> throw new IllegalArgumentException("expected 'always', or 'never' for tests and measurements");
        };
    }
}
