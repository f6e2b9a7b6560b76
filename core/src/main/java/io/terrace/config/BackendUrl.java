// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import io.terrace.ConfigurationException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A backend and its options as one line, with every component decoded:
 *
 * <pre>
 *   terrace:bigtable://project/instance/table?app-profile=single-row
 *           |          |       |              |
 *           backend    |       segments       options
 *                      authority
 * </pre>
 *
 * What the authority and the segments stand for, the backend says with its {@link UrlForm}.
 *
 * @param backend lower-case letters, digits and hyphens
 * @param authority what is between {@code //} and the next slash; may be empty
 * @param segments what is between the slashes after it: none for {@code //a}, one that is empty for {@code //a/}
 * @param options by name, in their order; names are not empty
 */
public record BackendUrl(String backend, String authority, List<String> segments, Map<String, String> options) {

    static final String SCHEME = "terrace:";
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    public BackendUrl {
        if (!NAME.matcher(backend).matches()) {
            throw new IllegalArgumentException("'" + backend + "' is not the name of a backend");
        }
        if (options.containsKey("")) {
            throw new IllegalArgumentException("an option has no name");
        }
        segments = List.copyOf(segments);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Reads one.
     *
     * @throws ConfigurationException with everything that is wrong; it does not quote the text, which may hold a secret
     */
    public static BackendUrl parse(String text) {
        ConfigProblems problems = new ConfigProblems();
        BackendUrl url = BackendUrlParser.parse(text, "", problems);
        problems.throwIfAny("The URL cannot be read");
        if (url == null) {
            throw new IllegalStateException("a URL that cannot be read has no problem");
        }
        return url;
    }

    /** Reads one; {@code null} if that cannot be done, and then each reason is a problem. */
    public static @Nullable BackendUrl parse(ConfigValue given, ConfigProblems problems) {
        return BackendUrlParser.parse(given.text(), given.place(), problems);
    }

    /**
     * The options that it gives, by the table of its backend. Problems: one that is not in the table or is a secret, one that is
     * given twice, and a part of the URL that stands for none.
     *
     * @param given what this was read from
     */
    public Map<String, ConfigValue> options(
            ConfigSchema schema, UrlForm form, ConfigValue given, ConfigProblems problems) {
        return new UrlOptions(schema, given, problems).read(this, form);
    }

    /** The text, which {@link #parse(String)} reads as an equal one. With the values of all options. */
    public String format() {
        String query = options.entrySet().stream()
                .map(option -> Percent.encode(option.getKey()) + "=" + Percent.encode(option.getValue()))
                .collect(Collectors.joining("&"));
        return withoutOptions() + (query.isEmpty() ? "" : "?" + query);
    }

    private String withoutOptions() {
        return SCHEME + backend + "://" + Percent.encode(authority)
                + segments.stream()
                        .map(segment -> "/" + Percent.encode(segment))
                        .collect(Collectors.joining());
    }

    /** The text with each value of an option as {@code ***}: without its table nobody knows which of them are secrets. */
    @Override
    public String toString() {
        String query = options.keySet().stream()
                .map(name -> Percent.encode(name) + "=***")
                .collect(Collectors.joining("&"));
        return withoutOptions() + (query.isEmpty() ? "" : "?" + query);
    }
}
