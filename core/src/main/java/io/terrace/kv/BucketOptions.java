// SPDX-License-Identifier: Apache-2.0
package io.terrace.kv;

import io.terrace.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a bucket and all who use it; stored with the bucket.
 *
 * @param timeToLive how long an entry outlives the last sign of life of its owner, a whole number of milliseconds; {@code
 *     null} if entries stay until they are deleted, and nobody owns them
 */
public record BucketOptions(@Nullable Duration timeToLive) {

    /** The shortest time to live: owners and observers are on their feet several times within it. */
    public static final Duration LEAST_TTL = Duration.ofMillis(300);

    /** The longest; beyond it, nobody waits. */
    public static final Duration MOST_TTL = Duration.ofDays(365);

    /**
     * @throws ConfigurationException for a time that is too short, too long, or finer than a millisecond
     */
    public BucketOptions {
        if (timeToLive != null
                && (timeToLive.compareTo(LEAST_TTL) < 0
                        || timeToLive.compareTo(MOST_TTL) > 0
                        || timeToLive.toNanos() % 1_000_000 != 0)) {
            throw new ConfigurationException("a bucket cannot have the time to live " + timeToLive
                    + "; use whole milliseconds, at least " + LEAST_TTL + " and at most " + MOST_TTL
                    + ", or BucketOptions.permanent()");
        }
    }

    /** Entries vanish when their owner has not been heard of for that long. */
    public static BucketOptions ttl(Duration timeToLive) {
        return new BucketOptions(timeToLive);
    }

    /** Entries stay until they are deleted. */
    public static BucketOptions permanent() {
        return new BucketOptions(null);
    }

    /** How long an entry outlives the last sign of life of its owner; empty if it stays. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(timeToLive);
    }

    @Override
    public String toString() {
        return timeToLive == null ? "no time to live" : "a time to live of " + timeToLive;
    }
}
