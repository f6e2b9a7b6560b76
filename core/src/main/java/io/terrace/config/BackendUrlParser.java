// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a {@link BackendUrl}. No problem quotes the text: whoever forgets to escape an {@code &} in a password
 * makes an option's name of the rest of it.
 */
final class BackendUrlParser {

    private static final String EXAMPLE = "terrace:localfs:///var/lib/terrace?fsync=always";

    private final String place;
    private final ConfigProblems problems;

    private BackendUrlParser(String place, ConfigProblems problems) {
        this.place = place;
        this.problems = problems;
    }

    /** {@code null} if it cannot be read; then each reason is a problem. */
    static @Nullable BackendUrl parse(String text, String place, ConfigProblems problems) {
        return new BackendUrlParser(place, problems).parse(text);
    }

    private @Nullable BackendUrl parse(String text) {
        int before = problems.size();
        if (!text.startsWith(BackendUrl.SCHEME)) {
            problem("it must begin with 'terrace:', as in " + EXAMPLE);
            return null;
        }
        String rest = text.substring(BackendUrl.SCHEME.length());
        int slashes = rest.indexOf("://");
        String backend = slashes < 0 ? "" : rest.substring(0, slashes);
        if (!BackendUrl.NAME.matcher(backend).matches()) {
            problem("after 'terrace:' come the name of a backend, in lower case, and '://', as in " + EXAMPLE);
            return null;
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problem("it has a blank or a control character; write a blank as %20");
        }
        if (text.indexOf('#') >= 0) {
            problem("it has a fragment, which means nothing here; leave it out, or write the character # as %23");
        }
        String hierarchy = rest.substring(slashes + 3);
        int question = hierarchy.indexOf('?');
        Map<String, String> options = question < 0 ? Map.of() : options(hierarchy.substring(question + 1));
        String[] path = (question < 0 ? hierarchy : hierarchy.substring(0, question)).split("/", -1);
        if (path[0].indexOf('@') >= 0) {
            problem("it has credentials before an @, which get into logs and shell histories; give them as options, or "
                    + "from the environment, or write the character @ as %40");
        }
        String authority = decode(path[0], "the authority");
        List<String> segments = new ArrayList<>();
        for (int i = 1; i < path.length; i++) {
            segments.add(decode(path[i], "segment " + i + " of the path"));
        }
        return problems.size() == before ? new BackendUrl(backend, authority, segments, options) : null;
    }

    private Map<String, String> options(String query) {
        Map<String, String> options = new LinkedHashMap<>();
        String[] given = query.split("&", -1);
        for (int i = 0; i < given.length; i++) {
            String which = "option " + (i + 1);
            int equals = given[i].indexOf('=');
            if (equals <= 0) {
                problem(which + " is not of the form name=value; write the character & within a value as %26");
                continue;
            }
            String name = decode(given[i].substring(0, equals), "the name of " + which);
            String value = decode(given[i].substring(equals + 1), "the value of " + which);
            if (options.putIfAbsent(name, value) != null) {
                problem(which + " has the name of an earlier one; give each once");
            }
        }
        return options;
    }

    /** Empty if that cannot be done. */
    private String decode(String text, String what) {
        String decoded = Percent.decode(text);
        if (decoded == null) {
            problem(what
                    + " has a malformed escape; after % come two hexadecimal digits, and the bytes are UTF-8; write the "
                    + "character % as %25");
            return "";
        }
        return decoded;
    }

    private void problem(String text) {
        problems.add(place, text);
    }
}
