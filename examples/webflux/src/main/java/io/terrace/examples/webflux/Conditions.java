// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import io.terrace.ByteRange;
import io.terrace.InvalidRangeException;
import io.terrace.Precondition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What a request asks of the object that is there (RFC 9110, sections 13 and 14).
 *
 * @param ifMatch the etags of {@code If-Match} as they were sent, in quotes; empty if there is no such header
 * @param ifNoneMatch the same of {@code If-None-Match}
 * @param ifRange the value of {@code If-Range}; a date never matches, since no date is ever sent
 * @param range what {@code Range} asks for; {@code null} for all, and for what HTTP allows to ignore
 */
record Conditions(
        List<String> ifMatch,
        List<String> ifNoneMatch,
        @Nullable String ifRange,
        @Nullable ByteRange range) {

    private static final String ANY = "*";

    static Conditions of(HttpHeaders headers) {
        try {
            return new Conditions(
                    headers.getIfMatch(),
                    headers.getIfNoneMatch(),
                    headers.getFirst(HttpHeaders.IF_RANGE),
                    range(headers.getFirst(HttpHeaders.RANGE)));
        } catch (IllegalArgumentException malformed) {
            throw bad(malformed.getMessage());
        }
    }

    /** What a write requires; 400 for a condition that the store cannot check in the same step as it writes. */
    Precondition precondition() {
        if (ifMatch.isEmpty() && ifNoneMatch.isEmpty()) {
            return Precondition.none();
        }
        if (ifMatch.isEmpty() && ifNoneMatch.equals(List.of(ANY))) {
            return Precondition.ifAbsent();
        }
        if (ifNoneMatch.isEmpty() && ifMatch.size() == 1 && !ifMatch.contains(ANY)) {
            return Precondition.ifMatch(unquoted(ifMatch.get(0)));
        }
        throw bad("A write takes If-None-Match: * or If-Match with one etag, and not both.");
    }

    /** Whether the etag is needed to decide what to answer. */
    boolean needEtag() {
        return !ifMatch.isEmpty() || !ifNoneMatch.isEmpty() || (range != null && ifRange != null);
    }

    /** Whether the client has asked for another object than the one with this etag. */
    boolean isFailed(String etag) {
        return !ifMatch.isEmpty() && !ifMatch.contains(ANY) && !ifMatch.contains(quoted(etag));
    }

    /** Whether the client has the object with this etag already. */
    boolean isNotModified(String etag) {
        return ifNoneMatch.contains(ANY)
                || ifNoneMatch.contains(quoted(etag))
                || ifNoneMatch.contains("W/" + quoted(etag));
    }

    /** The part that is wanted of the object with this etag. */
    @Nullable
    ByteRange rangeOf(String etag) {
        return ifRange == null || ifRange.equals(quoted(etag)) ? range : null;
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }

    /** A weak one stays as it is, and so matches none: a write compares strongly. */
    private static String unquoted(String etag) {
        return etag.startsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static @Nullable ByteRange range(@Nullable String header) {
        try {
            return header == null ? null : ByteRange.parseHeader(header).orElse(null);
        } catch (InvalidRangeException ignored) {
            // What cannot be understood is not there (14.2), and the whole object is a good answer.
            return null;
        }
    }

    private static ResponseStatusException bad(@Nullable String why) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, why);
    }
}
