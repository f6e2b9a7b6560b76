// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.docs;

import io.terrace.config.ConfigSchema;
import io.terrace.config.Option;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.tiered.TieredObjectStore;
import io.terrace.tiered.UsecasePolicy;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the tables of {@code docs/configuration.md}: everything between its two marks. */
final class ConfigurationPage {

    static final String BEGIN = "<!-- From here on made from the tables of options. -->\n";

    private ConfigurationPage() {}

    /** The page with its tables as they are to be. */
    static String of(String page, List<BackendProvider> providers) {
        int begin = page.indexOf(BEGIN);
        if (begin < 0) {
            throw new IllegalArgumentException("the page has no line " + BEGIN);
        }
        StringBuilder made = new StringBuilder(page.substring(0, begin + BEGIN.length()));
        made.append("\n## The store\n\n").append(table(TieredObjectStore.options()));
        made.append("\n## A use case\n\nBelow `usecases`, by the name of the use case; `UsecasePolicy` in Java.\n\n");
        made.append(table(UsecasePolicy.options()));
        for (BackendProvider provider : providers) {
            made.append("\n## Backend `").append(provider.name()).append("`\n\n");
            made.append("As ").append(roles(provider)).append(". As a URL: `");
            made.append(provider.urlForm().describe(provider.name()))
                    .append("`, and the other options after a `?`.\n\n");
            made.append(table(provider.options()));
        }
        return made.toString();
    }

    private static String roles(BackendProvider provider) {
        return provider.roles().stream()
                .map(BackendRole::label)
                .sorted()
                .map(label -> "`" + label + "`")
                .collect(Collectors.joining(", "));
    }

    private static String table(ConfigSchema schema) {
        return "| option | type | default | secret | what it does |\n|---|---|---|---|---|\n"
                + schema.options().stream().map(ConfigurationPage::row).collect(Collectors.joining());
    }

    private static String row(Option<?> option) {
        String value =
                option.isRequired() ? "required" : option.sensitive() ? "not shown" : "`" + option.defaultText() + "`";
        return "| `" + option.name() + "` | " + cell(option.type()) + " | " + cell(value) + " | "
                + (option.sensitive() ? "yes" : "no") + " | " + cell(option.doc()) + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ").replace("``", "empty");
    }
}
