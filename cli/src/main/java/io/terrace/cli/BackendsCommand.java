// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.config.Option;
import io.terrace.spi.BackendProvider;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Backends;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says which backends are on the class path, and how they are configured. */
@Command(
        name = "backends",
        mixinStandardHelpOptions = true,
        description =
                "List the backends that are on the class path, their roles, the form of their URLs and their options.")
final class BackendsCommand implements Callable<Integer>, SpeaksJson {

    @picocli.CommandLine.Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    private final Console console;

    BackendsCommand(Console console) {
        this.console = console;
    }

    @Override
    public boolean json() {
        return json;
    }

    @Override
    public Integer call() {
        for (BackendProvider provider : Backends.available()) {
            if (json) {
                console.print(Json.line(describe(provider)));
            } else {
                print(provider);
            }
        }
        return ExitCode.OK;
    }

    private void print(BackendProvider provider) {
        console.print(provider.name() + "  (" + String.join(", ", roles(provider)) + ")");
        console.print("    " + url(provider));
        for (Option<?> option : provider.options().options()) {
            String value = option.isRequired() ? "required" : "default " + shown(option);
            console.print(String.format("    %-18s %-20s %s", option.name(), value, option.doc()));
        }
    }

    private static ObjectNode describe(BackendProvider provider) {
        ObjectNode node = Json.object().put("name", provider.name());
        roles(provider).forEach(node.putArray("roles")::add);
        node.put("url", url(provider));
        for (Option<?> option : provider.options().options()) {
            ObjectNode one = node.withArray("options").addObject();
            one.put("name", option.name()).put("required", option.isRequired());
            if (!option.isRequired()) {
                one.put("default", shown(option));
            }
            one.put("doc", option.doc());
        }
        return node;
    }

    /** Options that have no place in it follow a question mark, unless they are secrets. */
    private static String url(BackendProvider provider) {
        return provider.urlForm().describe(provider.name());
    }

    private static String shown(Option<?> option) {
        return option.sensitive() ? "(secret)" : String.valueOf(option.defaultText());
    }

    private static List<String> roles(BackendProvider provider) {
        return provider.roles().stream().map(BackendRole::label).sorted().toList();
    }
}
