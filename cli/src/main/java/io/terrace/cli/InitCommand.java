// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.ConfigurationException;
import io.terrace.tiered.TieredObjectStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes what the tiers of a store need before anybody can open it. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Make what the tiers of a store need before it can be used, such as a table. What exists is checked, and "
                        + "nothing that is stored is changed, so it may be repeated.")
final class InitCommand implements Callable<Integer>, SpeaksJson {

    @Option(
            names = "--store",
            paramLabel = "FILE",
            required = true,
            description = "A YAML or JSON file that describes the store: its tiers and settings.")
    private Path store = Path.of("");

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    private final Console console;

    InitCommand(Console console) {
        this.console = console;
    }

    @Override
    public boolean json() {
        return json;
    }

    @Override
    public Integer call() {
        prepare().forEach((tier, done) -> {
            ObjectNode node = Json.object().put("tier", tier).put("done", done);
            console.print(json ? Json.line(node) : tier + ": " + done);
        });
        return ExitCode.OK;
    }

    private Map<String, String> prepare() {
        try {
            return TieredObjectStore.builder()
                    .configure(StoreFile.read(store, System::getenv))
                    .prepare();
        } catch (ConfigurationException wrong) {
            throw Failure.usage("'" + store + "': " + wrong.getMessage());
        }
    }
}
