// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The header form of metadata, as HTTP carries it and as object stores keep it.
 *
 * <p>The prefix is put before all names but {@code Content-Type} and {@code Content-Encoding}: it is empty on the public
 * API, and for example {@code x-amz-meta-} where a store wants one. HTTP lower-cases names, so keys of custom entries come
 * back in lower case. The size is never a header.
 */
public final class MetadataHeaders {
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String CONTENT_ENCODING = "Content-Encoding";
    private static final String EXPIRATION = "x-sn-expiration";
    private static final String TIME_CREATED = "x-sn-time-created";
    private static final String TIME_EXPIRES = "x-sn-time-expires";
    private static final String ORIGIN = "x-sn-origin";
    private static final String FILENAME = "x-sn-filename";
    private static final String CUSTOM = "x-snme-";

    private MetadataHeaders() {}

    /**
     * The headers; lookup in the result ignores case.
     *
     * @throws InvalidMetadataException if a value cannot travel in a header
     */
    public static Map<String, String> toHeaders(ObjectMetadata metadata, String prefix) {
        Map<String, String> headers = caseInsensitive();
        put(headers, CONTENT_TYPE, metadata.contentType());
        put(headers, CONTENT_ENCODING, metadata.compression());
        put(headers, prefix + EXPIRATION, metadata.expiration().isManual() ? null : metadata.expiration());
        put(headers, prefix + TIME_CREATED, format(metadata.timeCreated()));
        put(headers, prefix + TIME_EXPIRES, format(metadata.timeExpires()));
        put(headers, prefix + ORIGIN, metadata.origin());
        put(headers, prefix + FILENAME, metadata.filename());
        metadata.custom().forEach((key, value) -> {
            if (!MediaTypes.isToken(key)) {
                throw new InvalidMetadataException("custom metadata key " + Texts.quote(key)
                        + " cannot be part of a header name; use letters, digits and -_.");
            }
            put(headers, prefix + CUSTOM + key.toLowerCase(Locale.ROOT), value);
        });
        return Collections.unmodifiableMap(headers);
    }

    /** Reads all fields. Case of names does not matter, unknown names are ignored, absent ones mean defaults. */
    public static ObjectMetadata fromHeaders(Map<String, String> headers, String prefix) {
        Map<String, String> found = copy(headers);
        return common(found, prefix)
                .timeCreated(time(found, prefix + TIME_CREATED))
                .timeExpires(time(found, prefix + TIME_EXPIRES))
                .build();
    }

    /** Reads what a client may set, and stamps it. Times sent by a client are ignored, even malformed ones. */
    public static ObjectMetadata fromInsertHeaders(Map<String, String> headers, String prefix, Instant now) {
        return common(copy(headers), prefix).build().stampedAt(now);
    }

    private static ObjectMetadata.Builder common(Map<String, String> headers, String prefix) {
        ObjectMetadata.Builder builder = ObjectMetadata.builder();
        String type = get(headers, CONTENT_TYPE);
        if (type != null) {
            builder.contentType(type);
        }
        String encoding = get(headers, CONTENT_ENCODING);
        if (encoding != null) {
            builder.compression(Compression.parse(encoding));
        }
        String expiration = get(headers, prefix + EXPIRATION);
        if (expiration != null) {
            builder.expiration(ExpirationPolicy.parse(expiration));
        }
        builder.origin(get(headers, prefix + ORIGIN)).filename(get(headers, prefix + FILENAME));
        String custom = (prefix + CUSTOM).toLowerCase(Locale.ROOT);
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(custom)) {
                builder.custom(lower.substring(custom.length()), checked(name, value));
            }
        });
        return builder;
    }

    private static @Nullable Instant time(Map<String, String> headers, String name) {
        String text = get(headers, name);
        return text == null
                ? null
                : Timestamps.parse(text)
                        .orElseThrow(() -> new InvalidMetadataException("header " + name + " is " + Texts.quote(text)
                                + ", not a time; write for example 2023-11-14T22:13:20.000000Z"));
    }

    private static @Nullable String format(@Nullable Instant time) {
        return time == null ? null : Timestamps.format(time);
    }

    private static @Nullable String get(Map<String, String> headers, String name) {
        String value = headers.get(name);
        return value == null ? null : checked(name, value);
    }

    private static void put(Map<String, String> headers, String name, @Nullable Object value) {
        if (value != null && headers.put(name, checked(name, value.toString())) != null) {
            throw new InvalidMetadataException(
                    "two custom metadata keys differ only in case and would both become header " + Texts.quote(name)
                            + "; rename one");
        }
    }

    /** Refuses what HTTP would alter or reject. The value itself stays out of the message. */
    private static String checked(String name, String value) {
        boolean legal = value.equals(value.strip());
        for (int i = 0; i < value.length() && legal; i++) {
            char c = value.charAt(i);
            legal = c == '\t' || (c >= 0x20 && c <= 0x7E);
        }
        if (!legal) {
            throw new InvalidMetadataException(
                    "the value of header " + Texts.quote(name)
                            + " is not plain visible ASCII without blanks at its ends; encode it, for example as percent-escapes");
        }
        return value;
    }

    private static Map<String, String> copy(Map<String, String> headers) {
        Map<String, String> copy = caseInsensitive();
        headers.forEach((name, value) -> {
            if (copy.put(name, value) != null) {
                throw new InvalidMetadataException("header " + Texts.quote(name) + " is given twice; send it once");
            }
        });
        return copy;
    }

    private static Map<String, String> caseInsensitive() {
        return new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }
}
