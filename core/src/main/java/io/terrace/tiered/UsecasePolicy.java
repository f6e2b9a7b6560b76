// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ConfigurationException;
import io.terrace.ExpirationPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the objects of one use case: which of them lie in their row, and how they may expire. Asked when an object
 * is written; what is stored already stays as it is.
 */
public final class UsecasePolicy {

    /** No limits, and the store's own inline threshold. */
    static final UsecasePolicy OPEN = builder().build();

    private final @Nullable Integer inlineThreshold;
    private final boolean manual;
    private final @Nullable Duration maxTimeToLive;
    private final @Nullable Duration maxTimeToIdle;
    private final ExpirationPolicy defaultExpiration;

    private UsecasePolicy(Builder from) {
        inlineThreshold = from.inlineThreshold;
        manual = from.manual;
        maxTimeToLive = from.maxTimeToLive;
        maxTimeToIdle = from.maxTimeToIdle;
        defaultExpiration = from.defaultExpiration;
    }

    /** Begins with a policy that allows everything. */
    public static Builder builder() {
        return new Builder();
    }

    int inlineThreshold(int storeWide) {
        return inlineThreshold == null ? storeWide : inlineThreshold;
    }

    /** The chosen expiration, or the default one if none was chosen. */
    ExpirationPolicy chosen(ExpirationPolicy expiration) {
        return expiration.isManual() ? defaultExpiration : expiration;
    }

    /** Says why objects may not expire like this; {@code null} if they may. */
    @Nullable
    String objection(ExpirationPolicy expiration) {
        return expiration
                .fold(
                        () -> new Objection(manual ? null : "it must expire: choose a time to live or a time to idle"),
                        ttl -> within(ttl, maxTimeToLive, "time to live"),
                        tti -> within(tti, maxTimeToIdle, "time to idle"))
                .text();
    }

    private record Objection(@Nullable String text) {}

    private static Objection within(Duration chosen, @Nullable Duration most, String what) {
        if (most == null || chosen.compareTo(most) <= 0) {
            return new Objection(null);
        }
        return new Objection(
                most.isNegative()
                        ? "it allows no " + what
                        : "it allows a " + what + " of at most "
                                + ExpirationPolicy.timeToLive(most).toString().substring(4));
    }

    /** Collects the limits; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
        private static final Duration NEVER = Duration.ofSeconds(-1);

        private @Nullable Integer inlineThreshold;
        private boolean manual = true;
        private @Nullable Duration maxTimeToLive;
        private @Nullable Duration maxTimeToIdle;
        private ExpirationPolicy defaultExpiration = ExpirationPolicy.manual();

        private Builder() {}

        /**
         * Objects of up to this many bytes are kept in their row; by default, and at most,
         * {@linkplain TieredObjectStoreBuilder#inlineThreshold the store's}. With 0 only empty ones are.
         */
        public Builder inlineThreshold(int bytes) {
            inlineThreshold = bytes;
            return this;
        }

        /** Every object must expire by itself. */
        public Builder forbidManual() {
            manual = false;
            return this;
        }

        /** No object may have a time to live. */
        public Builder forbidTimeToLive() {
            maxTimeToLive = NEVER;
            return this;
        }

        /** No object may have a time to idle. */
        public Builder forbidTimeToIdle() {
            maxTimeToIdle = NEVER;
            return this;
        }

        /** The longest time to live; unlimited by default. */
        public Builder maxTimeToLive(Duration most) {
            maxTimeToLive = most;
            return this;
        }

        /** The longest time to idle; unlimited by default. */
        public Builder maxTimeToIdle(Duration most) {
            maxTimeToIdle = most;
            return this;
        }

        /**
         * The expiration of an object whose metadata say manual, which is what they say if none was chosen; manual by
         * default. With another one no object of the use case lives for ever.
         */
        public Builder defaultExpiration(ExpirationPolicy expiration) {
            defaultExpiration = expiration;
            return this;
        }

        /** @throws ConfigurationException with everything that is wrong at once */
        public UsecasePolicy build() {
            List<String> problems = new ArrayList<>();
            if (inlineThreshold != null && inlineThreshold < 0) {
                problems.add("inlineThreshold is " + inlineThreshold + ", but must not be negative");
            }
            checkMost(problems, "maxTimeToLive", maxTimeToLive);
            checkMost(problems, "maxTimeToIdle", maxTimeToIdle);
            UsecasePolicy policy = new UsecasePolicy(this);
            String objection = defaultExpiration.isManual() ? null : policy.objection(defaultExpiration);
            if (objection != null) {
                problems.add("defaultExpiration is " + defaultExpiration + ", which the policy refuses itself: "
                        + objection);
            }
            if (!problems.isEmpty()) {
                throw new ConfigurationException(
                        "The policy of a use case is wrong: " + String.join("; ", problems) + ".");
            }
            return policy;
        }

        private static void checkMost(List<String> problems, String name, @Nullable Duration most) {
            if (most != null && most.isNegative() && !most.equals(NEVER)) {
                problems.add(name + " is " + most + ", but must not be negative");
            }
        }
    }
}
