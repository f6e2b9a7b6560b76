// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An ordered list of at most 32 scopes. The order is part of the identity, and a name may repeat. */
public final class Scopes {
    private static final int MAX_SCOPES = 32;
    private static final String NONE_API_PATH = "_";
    private static final Scopes NONE = new Scopes(List.of());

    private final List<Scope> scopes;
    private final String storagePath;

    private Scopes(List<Scope> scopes) {
        if (scopes.size() > MAX_SCOPES) {
            throw new InvalidObjectIdException(scopes.size() + " scopes in one context; use at most " + MAX_SCOPES
                    + " and put the rest in the key");
        }
        this.scopes = scopes;
        this.storagePath = join(".", "/");
    }

    public static Scopes none() {
        return NONE;
    }

    public static Scopes of(Scope... scopes) {
        return of(List.of(scopes));
    }

    public static Scopes of(List<Scope> scopes) {
        return scopes.isEmpty() ? NONE : new Scopes(List.copyOf(scopes));
    }

    /** Reads the form of {@link #apiPath()}: {@code org=17;project=42}, or {@code _} for none. */
    public static Scopes parse(String apiPath) {
        if (apiPath.equals(NONE_API_PATH)) {
            return NONE;
        }
        List<Scope> parsed = new ArrayList<>();
        int start = 0;
        while (start <= apiPath.length()) {
            int end = apiPath.indexOf(';', start);
            end = end < 0 ? apiPath.length() : end;
            parsed.add(parseOne(apiPath, apiPath.substring(start, end), '='));
            start = end + 1;
        }
        return of(parsed);
    }

    static Scope parseOne(String whole, String part, char separator) {
        int at = part.indexOf(separator);
        if (at < 0) {
            throw new InvalidObjectIdException("scope " + Texts.quote(part) + " in " + Texts.quote(whole) + " has no '"
                    + separator + "'; write each scope as name" + separator + "value");
        }
        return new Scope(part.substring(0, at), part.substring(at + 1));
    }

    /** These scopes followed by one more. */
    public Scopes and(String name, String value) {
        List<Scope> longer = new ArrayList<>(scopes);
        longer.add(new Scope(name, value));
        return of(longer);
    }

    public List<Scope> asList() {
        return scopes;
    }

    public boolean isEmpty() {
        return scopes.isEmpty();
    }

    /** The value of the first scope of that name. */
    public Optional<String> value(String name) {
        return scopes.stream()
                .filter(s -> s.name().equals(name))
                .map(Scope::value)
                .findFirst();
    }

    /** The form used in URLs: {@code org=17;project=42}, or {@code _} for none. */
    public String apiPath() {
        return isEmpty() ? NONE_API_PATH : join("=", ";");
    }

    /** The form used in storage paths: {@code org.17/project.42}, or empty for none. */
    public String storagePath() {
        return storagePath;
    }

    private String join(String inner, String outer) {
        return scopes.stream().map(s -> s.name() + inner + s.value()).collect(Collectors.joining(outer));
    }

    @Override
    public boolean equals(Object o) {
        // The storage path is a faithful form of the list.
        return o instanceof Scopes other && storagePath.equals(other.storagePath);
    }

    @Override
    public int hashCode() {
        return storagePath.hashCode();
    }

    @Override
    public String toString() {
        return apiPath();
    }
}
