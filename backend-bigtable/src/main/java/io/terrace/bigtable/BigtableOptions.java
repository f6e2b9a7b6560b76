// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What can be configured, with the defaults that the builder shares. */
final class BigtableOptions {

    static final String DEFAULT_PROFILE = "default";
    static final int DEFAULT_CHANNELS = 4;
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_RETENTION = Duration.ofHours(25);
    static final long DEFAULT_PAYLOAD_BYTES = 8L << 20;

    /** A cell holds 100 MB at most, and its service should hold much less. */
    static final long MAX_PAYLOAD_BYTES = 100_000_000;

    static final Option<String> PROJECT = required("project", "The project of the instance.");
    static final Option<String> INSTANCE = required("instance", "The instance of the table.");
    static final Option<String> TABLE = required("table", "The table; `terrace init` makes it.");
    static final Option<String> APP_PROFILE = Option.text(
            "app-profile",
            DEFAULT_PROFILE,
            "The application profile: with single-cluster routing, and single-row transactions allowed.");
    static final Option<Optional<Endpoint>> ENDPOINT = new Option<>(
                    "endpoint",
                    "`host:port`",
                    "Where an emulator listens; it is spoken to without encryption and credentials.",
                    Endpoint::parse,
                    null,
                    false)
            .optional("google");
    static final Option<Integer> CHANNELS =
            Option.integer("channels", DEFAULT_CHANNELS, 1, "How many connections there are.");
    static final Option<Duration> CALL_TIMEOUT = Option.duration(
                    "call-timeout", DEFAULT_TIMEOUT, "How long one request may take, or the next row of a listing.")
            .where(timeout -> !timeout.isZero(), "longer than nothing");
    static final Option<Duration> MARKER_RETENTION = Option.duration(
            "marker-retention",
            DEFAULT_RETENTION,
            "How long a deleted row is remembered; longer than any operation may take.");
    static final Option<Long> MAX_PAYLOAD = Option.size(
                    "max-payload", DEFAULT_PAYLOAD_BYTES, "The largest payload of a row.")
            .where(bytes -> bytes > 0 && bytes <= MAX_PAYLOAD_BYTES, "1 to " + MAX_PAYLOAD_BYTES);
    static final Option<Boolean> LEGACY = Option.flag(
            "legacy",
            true,
            "Whether rows that Sentry's objectstore wrote are looked at; false spares each write a little.");
    static final Option<Boolean> CLIENT_METRICS =
            Option.flag("client-metrics", false, "Whether Google's client sends its metrics to Cloud Monitoring.");

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            PROJECT,
            INSTANCE,
            TABLE,
            APP_PROFILE,
            ENDPOINT,
            CHANNELS,
            CALL_TIMEOUT,
            MARKER_RETENTION,
            MAX_PAYLOAD,
            LEGACY,
            CLIENT_METRICS);

    private BigtableOptions() {}

    /** Where an emulator listens. */
    record Endpoint(String host, int port) {
        static Endpoint parse(String text) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port > 0 && port < 65_536) {
                    return new Endpoint(text.substring(0, colon), port);
                }
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("expected host:port, such as localhost:8086", notANumber);
            }
            throw new IllegalArgumentException("expected host:port, such as localhost:8086");
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private static Option<String> required(String name, String doc) {
        return new Option<>(name, doc, Function.identity(), null, false)
                .where(text -> text.chars().allMatch(c -> c > ' ' && c < 127 && c != '/') && !text.isEmpty(), "a name");
    }
}
