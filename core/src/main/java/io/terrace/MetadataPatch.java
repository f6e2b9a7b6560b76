// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed about the metadata of an object; everything else stays. What describes the bytes (size, compression,
 * the time they were written) cannot be changed without writing them.
 */
public final class MetadataPatch {

    /** A field that is set, to {@code null} if it is removed. */
    private record Setting(@Nullable String value) {}

    private final @Nullable String contentType;
    private final @Nullable ExpirationPolicy expiration;
    private final @Nullable Setting origin;
    private final @Nullable Setting filename;
    private final Map<String, Optional<String>> custom;

    private MetadataPatch(Builder from) {
        contentType = from.contentType;
        expiration = from.expiration;
        origin = from.origin;
        filename = from.filename;
        custom = new LinkedHashMap<>(from.custom);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The new policy, from which the time of expiry is computed; empty if both stay. */
    public Optional<ExpirationPolicy> expiration() {
        return Optional.ofNullable(expiration);
    }

    /** The same patch with this policy. */
    public MetadataPatch expiration(ExpirationPolicy policy) {
        Builder copy = new Builder();
        copy.contentType = contentType;
        copy.expiration = policy;
        copy.origin = origin;
        copy.filename = filename;
        copy.custom.putAll(custom);
        return copy.build();
    }

    /**
     * The metadata with the changes.
     *
     * @param now from when a time to idle counts; a time to live counts from the time the object was written
     * @throws InvalidMetadataException if a field is malformed
     * @throws TooLargeException if the fields together are too large to be stored
     */
    public ObjectMetadata applyTo(ObjectMetadata current, Instant now) {
        ObjectMetadata.Builder next = current.toBuilder();
        if (contentType != null) {
            next.contentType(contentType);
        }
        if (origin != null) {
            next.origin(origin.value);
        }
        if (filename != null) {
            next.filename(filename.value);
        }
        Map<String, String> entries = new LinkedHashMap<>(current.custom());
        custom.forEach((key, value) -> value.ifPresentOrElse(v -> entries.put(key, v), () -> entries.remove(key)));
        next.custom(entries);
        if (expiration != null) {
            Instant created = current.timeCreated() == null ? now : current.timeCreated();
            next.expiration(expiration);
            next.timeExpires(expiration
                    .fold(
                            Optional::<Instant>empty,
                            ttl -> Optional.of(Timestamps.plus(created, ttl)),
                            tti -> Optional.of(Timestamps.plus(now, tti)))
                    .map(Timestamps::truncate)
                    .orElse(null));
        }
        return next.build();
    }

    /** Collects the changes. Not thread-safe. */
    public static final class Builder {
        private @Nullable String contentType;
        private @Nullable ExpirationPolicy expiration;
        private @Nullable Setting origin;
        private @Nullable Setting filename;
        private final Map<String, Optional<String>> custom = new LinkedHashMap<>();

        private Builder() {}

        public Builder contentType(String contentType) {
            this.contentType = contentType;
            return this;
        }

        /**
         * Replaces the policy. The object then expires that long after it was written, for a time to live, which may be
         * at once; or that long after the update, for a time to idle; or never.
         */
        public Builder expiration(ExpirationPolicy expiration) {
            this.expiration = expiration;
            return this;
        }

        /** {@code null} removes it. */
        public Builder origin(@Nullable String origin) {
            this.origin = new Setting(origin);
            return this;
        }

        /** {@code null} removes it. */
        public Builder filename(@Nullable String filename) {
            this.filename = new Setting(filename);
            return this;
        }

        /** Adds or replaces one of the caller's own entries. */
        public Builder custom(String key, String value) {
            custom.put(key, Optional.of(value));
            return this;
        }

        /** Removes one of the caller's own entries, if it is there. */
        public Builder removeCustom(String key) {
            custom.put(key, Optional.empty());
            return this;
        }

        public MetadataPatch build() {
            return new MetadataPatch(this);
        }
    }
}
