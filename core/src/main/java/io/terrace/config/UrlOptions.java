// SPDX-License-Identifier: Apache-2.0
package io.terrace.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The options that a URL gives, by the table of its backend. Secrets are refused: URLs get into logs and shell histories. */
final class UrlOptions {

    private static final Pattern SPEAKS_OF_A_SECRET =
            Pattern.compile("(?i).*(secret|passw|token|credential|private-?key).*", Pattern.DOTALL);

    private final ConfigSchema schema;
    private final ConfigValue given;
    private final ConfigProblems problems;

    /** What follows a secret may be a part of it: an {@code &} that nobody escaped makes an option of the rest. */
    private boolean quotable = true;

    /** @param given the URL, as text */
    UrlOptions(ConfigSchema schema, ConfigValue given, ConfigProblems problems) {
        this.schema = schema;
        this.given = given;
        this.problems = problems;
    }

    /** Those that are in the table; each other one is a problem. */
    Map<String, ConfigValue> read(BackendUrl url, UrlForm form) {
        quotable = !given.hidden() && url.options().keySet().stream().noneMatch(this::isSecret);
        Map<String, ConfigValue> options = new LinkedHashMap<>();
        form.optionsOf(url, given.place(), problems).forEach((name, text) -> options.put(name, value(text)));
        int number = 0;
        for (Map.Entry<String, String> option : url.options().entrySet()) {
            String name = option.getKey();
            number++;
            if (isSecret(name)) {
                String which = schema.find(name).isPresent() ? "option '" + name + "'" : "option " + number;
                problem(which
                        + " is a secret, and URLs get into logs and shell histories; give it under 'options', or from"
                        + " the environment");
            } else if (schema.find(name).isEmpty()) {
                problem(
                        quotable
                                ? "unknown option '" + name + "'" + Suggestions.sentence(name, schema.names())
                                : "option " + number + " is unknown");
            } else if (options.putIfAbsent(name, value(option.getValue())) != null) {
                problem("option '" + name + "' is given twice: the form is " + form.describe(url.backend()));
            }
        }
        return options;
    }

    /** One by the table, one that is nearly spelt like it, or one that sounds like it. */
    private boolean isSecret(String name) {
        return schema.find(name)
                .or(() -> schema.suggestionFor(name).flatMap(schema::find))
                .map(Option::sensitive)
                .filter(sensitive -> sensitive || schema.find(name).isPresent())
                .orElseGet(() -> SPEAKS_OF_A_SECRET.matcher(name).matches());
    }

    private ConfigValue value(String text) {
        return new ConfigValue(given.place(), text, !quotable, given.directory());
    }

    private void problem(String text) {
        problems.add(given.place(), text);
    }
}
