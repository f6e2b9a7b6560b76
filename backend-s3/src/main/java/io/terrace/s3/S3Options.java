// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.s3.S3Blobs.Compatibility;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What can be configured, with the defaults that the builder shares. */
final class S3Options {

    static final long LEAST_PART_BYTES = 5L << 20;
    static final long MOST_PART_BYTES = 1L << 30;

    static final long DEFAULT_PART_BYTES = 8L << 20;
    static final int DEFAULT_PARTS_AT_A_TIME = 2;
    static final long DEFAULT_UPLOAD_MEMORY = 256L << 20;
    static final int DEFAULT_CONNECTIONS = 128;
    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);
    static final Duration DEFAULT_UPLOAD_TIMEOUT = Duration.ofMinutes(2);
    static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);

    static final Option<String> BUCKET = new Option<>(
                    "bucket", "The bucket; it must exist.", Function.identity(), null, false)
            .where(bucket -> !bucket.isBlank() && bucket.indexOf('\0') < 0, "the name of a bucket");
    static final Option<String> PREFIX =
            Option.text("prefix", "", "What the names of all objects begin with, without a slash at its end.");
    static final Option<Optional<String>> REGION = Option.text(
                    "region", "", "The region; by default what the SDK finds, or `us-east-1` if there is an endpoint.")
            .optional("default");
    static final Option<Optional<URI>> ENDPOINT = new Option<>(
                    "endpoint", "URL", "Where the store is, if it is not AWS.", S3Options::urlOf, "", false)
            .optional("none");
    static final Option<Boolean> PATH_STYLE = Option.flag(
            "path-style", false, "Whether the bucket is in the path of each request and not in its host name.");
    static final Option<Optional<Compatibility>> COMPATIBILITY = new Option<>(
                    "compatibility",
                    "`aws` or `generic`",
                    "Whether the store knows the checksums of AWS; by default it does if there is no endpoint.",
                    S3Options::compatibilityOf,
                    "",
                    false)
            .optional("auto");
    static final Option<Optional<String>> ACCESS_KEY_ID = Option.secret(
                    "access-key-id", "The id of the key; by default what the SDK finds. Not in URLs.")
            .optional("default");
    static final Option<Optional<String>> SECRET_ACCESS_KEY = Option.secret(
                    "secret-access-key", "The secret of the key; by default what the SDK finds. Not in URLs.")
            .optional("default");
    static final Option<Long> PART_SIZE = Option.size(
                    "part-size", DEFAULT_PART_BYTES, "The size of a part; a body up to it is one request.")
            .where(
                    bytes -> bytes >= LEAST_PART_BYTES && bytes <= MOST_PART_BYTES,
                    "from 5MiB to 1GiB, as S3 takes no smaller ones");
    static final Option<Integer> PARTS_AT_A_TIME = Option.integer(
            "upload-parts",
            DEFAULT_PARTS_AT_A_TIME,
            1,
            "How many parts of one body are held at a time: one that fills, the others on their way.");
    static final Option<Long> UPLOAD_MEMORY = Option.size(
            "upload-memory",
            DEFAULT_UPLOAD_MEMORY,
            "How many bytes of parts all uploads together hold; those beyond wait.");
    static final Option<Integer> CONNECTIONS = Option.integer(
            "connections",
            DEFAULT_CONNECTIONS,
            1,
            "How many connections there are at most, and so requests at a time.");
    static final Option<Duration> CONNECT_TIMEOUT = timeout(
            "connect-timeout",
            DEFAULT_CONNECT_TIMEOUT,
            "How long a new connection may take, its encryption included, and the wait for a free one.");
    static final Option<Duration> REQUEST_TIMEOUT = timeout(
            "request-timeout",
            DEFAULT_REQUEST_TIMEOUT,
            "How long a request may take that carries no body; of a read, until its answer begins.");
    static final Option<Duration> UPLOAD_TIMEOUT = timeout(
            "upload-timeout",
            DEFAULT_UPLOAD_TIMEOUT,
            "How long a request may take that carries a part, or that makes parts one object.");
    static final Option<Duration> IDLE_TIMEOUT = timeout(
            "idle-timeout",
            DEFAULT_IDLE_TIMEOUT,
            "How long a connection may stand still while something is asked of it.");

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            BUCKET,
            PREFIX,
            REGION,
            ENDPOINT,
            PATH_STYLE,
            COMPATIBILITY,
            ACCESS_KEY_ID,
            SECRET_ACCESS_KEY,
            PART_SIZE,
            PARTS_AT_A_TIME,
            UPLOAD_MEMORY,
            CONNECTIONS,
            CONNECT_TIMEOUT,
            REQUEST_TIMEOUT,
            UPLOAD_TIMEOUT,
            IDLE_TIMEOUT);

    private S3Options() {}

    private static Option<Duration> timeout(String name, Duration defaultValue, String doc) {
        return Option.duration(name, defaultValue, doc).where(time -> time.toMillis() > 0, "at least a millisecond");
    }

    private static URI urlOf(String text) {
        URI url = URI.create(text.trim());
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null || url.getUserInfo() != null) {
            throw new IllegalArgumentException("expected a URL such as https://s3.example.com:9000");
        }
        return url;
    }

    private static Compatibility compatibilityOf(String text) {
        return switch (text.trim()) {
            case "aws" -> Compatibility.AWS;
            case "generic" -> Compatibility.GENERIC;
            default -> throw new IllegalArgumentException("expected 'aws' or 'generic'");
        };
    }
}
