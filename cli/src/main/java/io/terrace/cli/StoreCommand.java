// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that works on the embedded default in a directory. */
abstract class StoreCommand implements Callable<Integer>, SpeaksJson {

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            defaultValue = "${env:TERRACE_DATA}",
            description = "The directory of the store; the variable TERRACE_DATA if left out.")
    Path data = Path.of("");

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    final Console console;

    StoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public final boolean json() {
        return json;
    }

    /** How this command opens the store. */
    EmbeddedStore.Opening opening() {
        return EmbeddedStore.at(data);
    }

    /** @return the exit code */
    abstract int run(EmbeddedStore store) throws Exception;

    /** What can be said without a store. */
    void check() {}

    @Override
    public final Integer call() throws Exception {
        check();
        try (EmbeddedStore store = opening().open()) {
            return run(store);
        }
    }

    static <T> T present(@Nullable T value, Object name) {
        if (value == null) {
            throw Failure.notFound("there is no object '" + name + "'");
        }
        return value;
    }
}
