// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** When an object expires. The text form is {@code manual}, {@code ttl:<duration>} or {@code tti:<duration>}. */
public sealed interface ExpirationPolicy {
    /** Never by itself: the object lives until it is deleted. */
    static ExpirationPolicy manual() {
        return Manual.INSTANCE;
    }

    /** A fixed time after it was written. Zero is allowed and expires at once. */
    static ExpirationPolicy timeToLive(Duration duration) {
        return new TimeToLive(duration);
    }

    /** After it was not read for that long. Zero is allowed and expires at once. */
    static ExpirationPolicy timeToIdle(Duration duration) {
        return new TimeToIdle(duration);
    }

    /** Reads the form of {@code toString}, for example {@code tti:1month 12h}. */
    static ExpirationPolicy parse(String text) {
        if (text.equals("manual")) {
            return manual();
        }
        Optional<Duration> duration = text.startsWith("ttl:") || text.startsWith("tti:")
                ? Humantime.parse(text.substring(4))
                : Optional.empty();
        if (duration.isEmpty()) {
            throw new InvalidMetadataException("expiration policy " + Texts.quote(text)
                    + " is malformed; write manual, ttl:<duration> or tti:<duration>, for example ttl:30days");
        }
        return text.startsWith("ttl:") ? timeToLive(duration.get()) : timeToIdle(duration.get());
    }

    /** Calls the function that belongs to this policy. */
    <T> T fold(Supplier<T> manual, Function<Duration, T> timeToLive, Function<Duration, T> timeToIdle);

    /** The duration, empty for {@link #manual()}. */
    default Optional<Duration> duration() {
        return fold(Optional::empty, Optional::of, Optional::of);
    }

    default boolean isManual() {
        return this instanceof Manual;
    }

    /** Whether the object can expire by itself. */
    default boolean isTimeout() {
        return !isManual();
    }

    /** Never expires by itself. */
    record Manual() implements ExpirationPolicy {
        private static final Manual INSTANCE = new Manual();

        @Override
        public <T> T fold(Supplier<T> manual, Function<Duration, T> timeToLive, Function<Duration, T> timeToIdle) {
            return manual.get();
        }

        @Override
        public String toString() {
            return "manual";
        }
    }

    /** Expires a fixed time after the write. */
    record TimeToLive(Duration after) implements ExpirationPolicy {
        public TimeToLive {
            checkNotNegative(after);
        }

        @Override
        public <T> T fold(Supplier<T> manual, Function<Duration, T> timeToLive, Function<Duration, T> timeToIdle) {
            return timeToLive.apply(after);
        }

        @Override
        public String toString() {
            return "ttl:" + Humantime.format(after);
        }
    }

    /** Expires a fixed time after the last read. */
    record TimeToIdle(Duration after) implements ExpirationPolicy {
        public TimeToIdle {
            checkNotNegative(after);
        }

        @Override
        public <T> T fold(Supplier<T> manual, Function<Duration, T> timeToLive, Function<Duration, T> timeToIdle) {
            return timeToIdle.apply(after);
        }

        @Override
        public String toString() {
            return "tti:" + Humantime.format(after);
        }
    }

    private static void checkNotNegative(Duration after) {
        if (after.isNegative()) {
            throw new InvalidMetadataException("expiration after " + after + " is negative; use zero or more");
        }
    }
}
