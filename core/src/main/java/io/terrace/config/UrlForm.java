// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which options the authority and the path of a {@link BackendUrl} stand for. By the options' names:
 *
 * <pre>
 *   UrlForm.path("path")                                          terrace:localfs://&lt;path&gt;
 *   UrlForm.authority("bucket").rest("prefix")                    terrace:s3://&lt;bucket&gt;/&lt;prefix...&gt;
 *   UrlForm.authority("project").segments("instance", "table")    terrace:bigtable://&lt;project&gt;/&lt;instance&gt;/&lt;table&gt;
 * </pre>
 *
 * A part that a URL leaves out is an option that is not given. All other options follow the question mark.
 */
public final class UrlForm {

    private static final String LABEL = "";

    private final @Nullable String authority;
    private final List<String> segments;
    private final @Nullable String rest;
    private final boolean absolute;

    private UrlForm(@Nullable String authority, List<String> segments, @Nullable String rest, boolean absolute) {
        this.authority = authority;
        this.segments = List.copyOf(segments);
        this.rest = rest;
        this.absolute = absolute;
    }

    /** No authority and no path: {@code terrace:journal://?path=...}. */
    public static UrlForm optionsOnly() {
        return new UrlForm(null, List.of(), null, false);
    }

    /** An authority that is for the reader only: {@code terrace:inmemory://test}. It may be left out. */
    public static UrlForm label() {
        return new UrlForm(LABEL, List.of(), null, false);
    }

    /** No authority, and the whole path, with the slash it begins with. */
    public static UrlForm path(String option) {
        return new UrlForm(null, List.of(), option, true);
    }

    /** An authority. */
    public static UrlForm authority(String option) {
        return new UrlForm(option, List.of(), null, false);
    }

    /** And then one segment for each of these. */
    public UrlForm segments(String... options) {
        return new UrlForm(authority, List.of(options), rest, absolute);
    }

    /** And then the rest of the path, without a slash before it; it may be left out. */
    public UrlForm rest(String option) {
        return new UrlForm(authority, segments, option, false);
    }

    /** The names of the options that have a place in the URL before the question mark. */
    public List<String> options() {
        List<String> options = new ArrayList<>(segments);
        if (authority != null && !authority.isEmpty()) {
            options.add(0, authority);
        }
        if (rest != null) {
            options.add(rest);
        }
        return options;
    }

    /** What a person reads about it, such as {@code terrace:s3://<bucket>/<prefix...>}. */
    public String describe(String backend) {
        String host = authority == null ? "" : authority.isEmpty() ? "<any-name>" : "<" + authority + ">";
        String tail = rest == null ? "" : absolute ? "/<" + rest + ">" : "/<" + rest + "...>";
        return BackendUrl.SCHEME + backend + "://" + host
                + segments.stream().map(option -> "/<" + option + ">").collect(Collectors.joining()) + tail;
    }

    /** The options that a URL gives before the question mark; those parts of it that stand for none are problems. */
    Map<String, String> optionsOf(BackendUrl url, String place, ConfigProblems problems) {
        Map<String, String> options = new LinkedHashMap<>();
        if (authority == null && !url.authority().isEmpty()) {
            problems.add(
                    place,
                    "nothing may stand between '//' and the next slash"
                            + (absolute ? ", so a path begins with '///'" : "") + ": the form is "
                            + describe(url.backend()));
        } else if (authority != null && !authority.isEmpty() && !url.authority().isEmpty()) {
            options.put(authority, url.authority());
        }
        List<String> given = url.segments();
        for (int i = 0; i < segments.size() && i < given.size(); i++) {
            if (!given.get(i).isEmpty()) {
                options.put(segments.get(i), given.get(i));
            }
        }
        List<String> left = given.subList(Math.min(segments.size(), given.size()), given.size());
        String path = String.join("/", left);
        if (rest == null && !path.isEmpty()) {
            problems.add(place, "its path has too many segments: the form is " + describe(url.backend()));
        } else if (rest != null && !left.isEmpty() && (absolute || !path.isEmpty())) {
            options.put(rest, absolute ? "/" + path : path);
        }
        return options;
    }
}
