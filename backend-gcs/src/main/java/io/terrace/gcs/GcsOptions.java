// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What can be configured, with the defaults that the builder shares. */
final class GcsOptions {

    static final int DEFAULT_CHUNK_BYTES = 8 << 20;
    static final int DEFAULT_PART_BYTES = 32 << 20;
    static final int DEFAULT_THREADS = 32;
    static final int DEFAULT_QUEUE = 1024;
    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(30);
    static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofMinutes(2);

    /** The store takes all chunks but the last in multiples of this. */
    static final int CHUNK_UNIT = 256 << 10;

    static final int MAX_CHUNK_BYTES = 1 << 30;

    static final Option<String> BUCKET =
            new Option<>("bucket", "The bucket, which must exist.", GcsOptions::bucketOf, null, false);
    static final Option<String> PREFIX = Option.text(
            "prefix",
            "",
            "What the names of all objects begin with, as a directory; other applications keep out of it.");
    static final Option<String> PROJECT =
            Option.text("project", "", "The project that is billed; if it is not given, that of the credentials.");
    static final Option<String> ENDPOINT = Option.text(
                    "endpoint", "", "Another server than Google's; over http:// it is spoken to without credentials.")
            .where(
                    url -> url.isEmpty() || url.startsWith("http://") || url.startsWith("https://"),
                    "a URL that begins with http:// or https://");
    static final Option<Optional<Path>> CREDENTIALS_FILE = new Option<>(
                    "credentials-file",
                    "absolute path",
                    "The JSON key of a service account; if it is not given, the application's default credentials.",
                    GcsOptions::fileOf,
                    "",
                    true)
            .optional("default");
    static final Option<Long> CHUNK_SIZE = Option.size(
                    "chunk-size",
                    DEFAULT_CHUNK_BYTES,
                    "How much of a body is held at a time, and sent in one request; up to this a put is one request.")
            .where(
                    bytes -> bytes > 0 && bytes % CHUNK_UNIT == 0 && bytes <= MAX_CHUNK_BYTES,
                    "a multiple of 256KiB, at most 1GiB");
    static final Option<Long> MAX_PART_SIZE = Option.size(
                    "max-part-size",
                    DEFAULT_PART_BYTES,
                    "The largest part of an upload in parts, which is held in memory while it is sent.")
            .where(GcsOptions::canBePart, "from 5MiB to 1GiB");
    static final Option<Integer> THREADS = Option.integer(
            "threads", DEFAULT_THREADS, 1, "How many requests wait for the server at a time, one on each thread.");
    static final Option<Integer> QUEUE =
            Option.integer("queue", DEFAULT_QUEUE, 1, "How many calls wait for a thread; more are refused.");
    static final Option<Duration> CONNECT_TIMEOUT = atLeastAMilli(
            Option.duration("connect-timeout", DEFAULT_CONNECT_TIMEOUT, "How long a connection may take to be made."));
    static final Option<Duration> READ_TIMEOUT =
            atLeastAMilli(Option.duration("read-timeout", DEFAULT_READ_TIMEOUT, "How long the server may be silent."));
    static final Option<Duration> CALL_TIMEOUT = atLeastAMilli(Option.duration(
            "call-timeout",
            DEFAULT_CALL_TIMEOUT,
            "How long one request may take with all its bytes; of a body that is read, one buffer."));

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            BUCKET,
            PREFIX,
            PROJECT,
            ENDPOINT,
            CREDENTIALS_FILE,
            CHUNK_SIZE,
            MAX_PART_SIZE,
            THREADS,
            QUEUE,
            CONNECT_TIMEOUT,
            READ_TIMEOUT,
            CALL_TIMEOUT);

    private GcsOptions() {}

    static boolean canBePart(long bytes) {
        return bytes >= XmlUploads.MIN_PART_BYTES && bytes <= MAX_CHUNK_BYTES;
    }

    private static Option<Duration> atLeastAMilli(Option<Duration> option) {
        return option.where(
                span -> span.toMillis() >= 1 && span.toMillis() <= Integer.MAX_VALUE, "from 1ms to 24 days");
    }

    private static String bucketOf(String text) {
        if (!text.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")) {
            throw new IllegalArgumentException(
                    "expected the name of a bucket: lower case letters, digits, and -_. in between");
        }
        return text;
    }

    private static Path fileOf(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("expected an absolute path");
        }
        return path;
    }
}
