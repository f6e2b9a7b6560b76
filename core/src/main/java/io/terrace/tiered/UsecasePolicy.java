// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ConfigurationException;
import io.terrace.ExpirationPolicy;
import io.terrace.config.BackendConfig;
import io.terrace.config.ConfigProblems;
import io.terrace.config.ConfigSchema;
import io.terrace.config.ConfigValue;
import io.terrace.config.Option;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

    /** Of a configuration with problems: without those options that have one. */
    private UsecasePolicy(BackendConfig config) {
        inlineThreshold = config.find(UsecaseOptions.INLINE_THRESHOLD)
                .flatMap(bytes -> bytes)
                .map(Math::toIntExact)
                .orElse(null);
        manual = config.find(UsecaseOptions.MANUAL).orElse(true);
        maxTimeToLive = config.find(UsecaseOptions.MAX_TIME_TO_LIVE)
                .flatMap(most -> most)
                .orElse(null);
        maxTimeToIdle = config.find(UsecaseOptions.MAX_TIME_TO_IDLE)
                .flatMap(most -> most)
                .orElse(null);
        defaultExpiration = config.find(UsecaseOptions.DEFAULT_EXPIRATION).orElse(ExpirationPolicy.manual());
    }

    /** Begins with a policy that allows everything. */
    public static Builder builder() {
        return new Builder();
    }

    /** The options of a policy, for whoever configures one by text. */
    public static ConfigSchema options() {
        return UsecaseOptions.SCHEMA;
    }

    /** {@code null} if something is wrong, and then each of it is a problem. */
    static @Nullable UsecasePolicy read(Map<String, ConfigValue> values, String place, ConfigProblems problems) {
        int before = problems.size();
        UsecasePolicy policy = new UsecasePolicy(BackendConfig.read(UsecaseOptions.SCHEMA, values, place, problems));
        ExpirationPolicy chosen = policy.defaultExpiration;
        String objection = chosen.isManual() ? null : policy.objection(chosen);
        if (objection != null) {
            problems.add(
                    place,
                    "option '" + UsecaseOptions.DEFAULT_EXPIRATION + "' is '" + chosen
                            + "', which the policy refuses itself: " + objection);
        }
        return problems.size() == before ? policy : null;
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

        private final Map<String, ConfigValue> values = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Objects of up to this many bytes are kept in their row; by default, and at most,
         * {@linkplain TieredObjectStoreBuilder#inlineThreshold the store's}. With 0 only empty ones are.
         */
        public Builder inlineThreshold(int bytes) {
            return set(UsecaseOptions.INLINE_THRESHOLD, bytes);
        }

        /** Every object must expire by itself. */
        public Builder forbidManual() {
            return set(UsecaseOptions.MANUAL, false);
        }

        /** No object may have a time to live. */
        public Builder forbidTimeToLive() {
            return set(UsecaseOptions.MAX_TIME_TO_LIVE, UsecaseOptions.FORBIDDEN);
        }

        /** No object may have a time to idle. */
        public Builder forbidTimeToIdle() {
            return set(UsecaseOptions.MAX_TIME_TO_IDLE, UsecaseOptions.FORBIDDEN);
        }

        /** The longest time to live; unlimited by default. */
        public Builder maxTimeToLive(Duration most) {
            return set(UsecaseOptions.MAX_TIME_TO_LIVE, most);
        }

        /** The longest time to idle; unlimited by default. */
        public Builder maxTimeToIdle(Duration most) {
            return set(UsecaseOptions.MAX_TIME_TO_IDLE, most);
        }

        /**
         * The expiration of an object whose metadata say manual, which is what they say if none was chosen; manual by
         * default. With another one no object of the use case lives for ever.
         */
        public Builder defaultExpiration(ExpirationPolicy expiration) {
            return set(UsecaseOptions.DEFAULT_EXPIRATION, expiration);
        }

        private Builder set(Option<?> option, Object value) {
            values.put(option.name(), ConfigValue.of(value));
            return this;
        }

        /** @throws ConfigurationException with everything that is wrong at once */
        public UsecasePolicy build() {
            ConfigProblems problems = new ConfigProblems();
            UsecasePolicy policy = read(values, "", problems);
            problems.throwIfAny("The policy of a use case is wrong");
            return Objects.requireNonNull(policy);
        }
    }
}
