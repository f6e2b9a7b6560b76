// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ExpirationPolicy;
import io.terrace.InvalidMetadataException;
import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import java.time.Duration;
import java.util.Optional;

/** What can be set about a use case: the one table behind {@link UsecasePolicy.Builder}, maps and files. */
final class UsecaseOptions {

    /** Also the word for it. */
    static final String FORBIDDEN = "forbidden";

    /** A limit that nothing keeps. */
    private static final Duration NONE_AT_ALL = Duration.ofSeconds(-1);

    static final Option<Optional<Long>> INLINE_THRESHOLD = Option.size(
                    "inline-threshold",
                    0,
                    "Objects of up to this many bytes are kept in their row; at most the store's.")
            .where(bytes -> bytes <= Integer.MAX_VALUE, "at most the store's")
            .optional("inherited");
    static final Option<Boolean> MANUAL =
            Option.flag("manual", true, "Whether objects may live until they are deleted; if not, each must expire.");
    static final Option<Optional<Duration>> MAX_TIME_TO_LIVE = most("max-time-to-live", "The longest time to live.");
    static final Option<Optional<Duration>> MAX_TIME_TO_IDLE = most("max-time-to-idle", "The longest time to idle.");
    static final Option<ExpirationPolicy> DEFAULT_EXPIRATION = new Option<>(
            "default-expiration",
            "`manual`, `ttl:`duration or `tti:`duration",
            "The expiration of an object for which none was chosen.",
            UsecaseOptions::expirationOf,
            ExpirationPolicy.manual().toString(),
            false);

    static final ConfigSchema SCHEMA =
            ConfigSchema.of(INLINE_THRESHOLD, MANUAL, MAX_TIME_TO_LIVE, MAX_TIME_TO_IDLE, DEFAULT_EXPIRATION);

    private UsecaseOptions() {}

    private static Option<Optional<Duration>> most(String name, String doc) {
        return Option.duration(name, Duration.ZERO, doc)
                .or(FORBIDDEN, NONE_AT_ALL)
                .optional("unlimited");
    }

    private static ExpirationPolicy expirationOf(String text) {
        try {
            return ExpirationPolicy.parse(text.trim());
        } catch (InvalidMetadataException malformed) {
            throw new IllegalArgumentException(
                    "expected manual, or ttl: or tti: and a duration such as 30days", malformed);
        }
    }
}
