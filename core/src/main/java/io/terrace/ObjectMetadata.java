// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known about an object besides its bytes. */
public final class ObjectMetadata {
    static final String DEFAULT_CONTENT_TYPE = "application/octet-stream";

    private static final Duration MAX_DEBOUNCE = Duration.ofHours(24);
    private static final ObjectMetadata DEFAULTS = builder().build();

    private final String contentType;
    private final ExpirationPolicy expiration;
    private final @Nullable Instant timeCreated;
    private final @Nullable Instant timeExpires;
    private final @Nullable Compression compression;
    private final @Nullable String origin;
    private final @Nullable String filename;
    private final long size;
    private final SortedMap<String, String> custom;

    private ObjectMetadata(Builder from) {
        contentType = from.contentType;
        expiration = from.expiration;
        timeCreated = from.timeCreated;
        timeExpires = from.timeExpires;
        compression = from.compression;
        origin = from.origin;
        filename = from.filename;
        size = from.size;
        custom = Collections.unmodifiableSortedMap(new TreeMap<>(from.custom));
    }

    /** What the store itself sets about an object whose other fields were checked when it was built. */
    private ObjectMetadata(
            ObjectMetadata from, @Nullable Instant timeCreated, @Nullable Instant timeExpires, long size) {
        contentType = from.contentType;
        expiration = from.expiration;
        this.timeCreated = timeCreated;
        this.timeExpires = timeExpires;
        compression = from.compression;
        origin = from.origin;
        filename = from.filename;
        this.size = size;
        custom = from.custom;
    }

    /** A content type, and defaults for the rest. */
    public static ObjectMetadata of(String contentType) {
        return builder().contentType(contentType).build();
    }

    /** {@code application/octet-stream} that never expires, and nothing else. */
    public static ObjectMetadata defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.contentType = contentType;
        copy.expiration = expiration;
        copy.timeCreated = timeCreated;
        copy.timeExpires = timeExpires;
        copy.compression = compression;
        copy.origin = origin;
        copy.filename = filename;
        copy.size = size;
        copy.custom.putAll(custom);
        return copy;
    }

    public String contentType() {
        return contentType;
    }

    public ExpirationPolicy expiration() {
        return expiration;
    }

    /** When the object was written, by the store's clock; null until it was. */
    public @Nullable Instant timeCreated() {
        return timeCreated;
    }

    /** When the object expires; null if it does not, or was not written yet. */
    public @Nullable Instant timeExpires() {
        return timeExpires;
    }

    public @Nullable Compression compression() {
        return compression;
    }

    /** Where the object came from, usually the address of the client that sent it. */
    public @Nullable String origin() {
        return origin;
    }

    public @Nullable String filename() {
        return filename;
    }

    /** The number of stored bytes, -1 if it is not known. */
    public long size() {
        return size;
    }

    /** The caller's own entries, unmodifiable. */
    public SortedMap<String, String> custom() {
        return custom;
    }

    /** Whether the policy lets it expire and its time is past; at the very instant it is still alive. */
    public boolean isExpiredAt(Instant now) {
        return expiration.isTimeout() && timeExpires != null && timeExpires.isBefore(now);
    }

    /** As written at that time: created now, and expiring as the policy says. Cut to microseconds. */
    public ObjectMetadata stampedAt(Instant now) {
        Instant expires = expiration
                .duration()
                .map(d -> Timestamps.truncate(Timestamps.plus(now, d)))
                .orElse(null);
        return new ObjectMetadata(this, Timestamps.truncate(now), expires, size);
    }

    /** With another time of expiry; cut to microseconds. For a policy that lets it expire. */
    public ObjectMetadata expiringAt(Instant time) {
        if (expiration.isManual()) {
            throw new IllegalStateException("the policy is manual, so there is no time of expiry to change");
        }
        return new ObjectMetadata(this, timeCreated, Timestamps.truncate(time), size);
    }

    /** With the number of bytes that was counted. */
    public ObjectMetadata sized(long bytes) {
        return new ObjectMetadata(this, timeCreated, timeExpires, bytes);
    }

    /**
     * The deadline that a read at that time earns, for a time-to-idle policy. Empty if the present deadline is recent
     * enough, so that a busy object is not rewritten by each read: an object really expires between {@code tti} less a
     * quarter (less a day at most) and {@code tti} after its last read.
     */
    public Optional<Instant> idleDeadlineAfterAccess(Instant access) {
        Instant expires = timeExpires;
        if (expires == null || !(expiration instanceof ExpirationPolicy.TimeToIdle idle)) {
            return Optional.empty();
        }
        Duration quarter = idle.after().dividedBy(4);
        Duration debounce = quarter.compareTo(MAX_DEBOUNCE) < 0 ? quarter : MAX_DEBOUNCE;
        Instant stale = Timestamps.plus(access, idle.after().minus(debounce));
        return expires.isBefore(stale)
                ? Optional.of(Timestamps.truncate(Timestamps.plus(access, idle.after())))
                : Optional.empty();
    }

    /** The form in which backends keep metadata. */
    public byte[] toJson() {
        return MetadataJson.write(this);
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown fields are ignored, missing ones get their defaults.
     *
     * @throws IntegrityException if the text is malformed
     */
    public static ObjectMetadata fromJson(byte[] json) {
        return fromJson(ByteBuffer.wrap(json));
    }

    /** Like {@link #fromJson(byte[])}, of the remaining bytes; the buffer's position stays. */
    public static ObjectMetadata fromJson(ByteBuffer json) {
        return MetadataJson.read(json);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof ObjectMetadata m
                && size == m.size
                && compression == m.compression
                && contentType.equals(m.contentType)
                && expiration.equals(m.expiration)
                && Objects.equals(timeCreated, m.timeCreated)
                && Objects.equals(timeExpires, m.timeExpires)
                && Objects.equals(origin, m.origin)
                && Objects.equals(filename, m.filename)
                && custom.equals(m.custom);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                contentType, expiration, timeCreated, timeExpires, compression, origin, filename, size, custom);
    }

    /** For logs: without the origin, which identifies a person, and without the caller's values, which may be secret. */
    @Override
    public String toString() {
        return "ObjectMetadata[contentType=" + contentType + ", expiration=" + expiration + ", timeCreated="
                + timeCreated
                + ", timeExpires=" + timeExpires + ", compression=" + compression + ", size=" + size + ", custom="
                + custom.keySet() + "]";
    }

    /** Collects the fields; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
        private String contentType = DEFAULT_CONTENT_TYPE;
        private ExpirationPolicy expiration = ExpirationPolicy.manual();
        private @Nullable Instant timeCreated;
        private @Nullable Instant timeExpires;
        private @Nullable Compression compression;
        private @Nullable String origin;
        private @Nullable String filename;
        private long size = -1;
        private final SortedMap<String, String> custom = new TreeMap<>();

        private Builder() {}

        /** A media type; {@code application/octet-stream} by default. */
        public Builder contentType(String contentType) {
            this.contentType = contentType;
            return this;
        }

        /** {@link ExpirationPolicy#manual()} by default. */
        public Builder expiration(ExpirationPolicy expiration) {
            this.expiration = expiration;
            return this;
        }

        /** Set by the store when it writes the object; what a caller sets is replaced. */
        public Builder timeCreated(@Nullable Instant timeCreated) {
            this.timeCreated = timeCreated;
            return this;
        }

        /** Set by the store when it writes the object; what a caller sets is replaced. */
        public Builder timeExpires(@Nullable Instant timeExpires) {
            this.timeExpires = timeExpires;
            return this;
        }

        public Builder compression(@Nullable Compression compression) {
            this.compression = compression;
            return this;
        }

        public Builder origin(@Nullable String origin) {
            this.origin = origin;
            return this;
        }

        public Builder filename(@Nullable String filename) {
            this.filename = filename;
            return this;
        }

        /** In bytes, -1 if it is not known. Set by the store when it writes the object. */
        public Builder size(long size) {
            this.size = size;
            return this;
        }

        /** Replaces the caller's own entries. */
        public Builder custom(Map<String, String> entries) {
            custom.clear();
            custom.putAll(entries);
            return this;
        }

        /** Adds or replaces one of the caller's own entries. */
        public Builder custom(String key, String value) {
            custom.put(key, value);
            return this;
        }

        /**
         * @throws InvalidMetadataException if a field is malformed
         * @throws TooLargeException if the fields together are too large to be stored
         */
        public ObjectMetadata build() {
            ObjectMetadata built = buildStored();
            MetadataChecks.checkSize(built);
            return built;
        }

        /** Without the limit of size: what is stored already stays readable, and can be stamped. */
        ObjectMetadata buildStored() {
            ObjectMetadata built = new ObjectMetadata(this);
            MetadataChecks.checkFields(built);
            return built;
        }
    }
}
