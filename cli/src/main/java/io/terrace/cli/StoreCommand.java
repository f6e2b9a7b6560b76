// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A command that works on a store: the embedded default in a directory, or whatever a file describes. */
abstract class StoreCommand implements Callable<Integer>, SpeaksJson {

    private static final String VARIABLE = "TERRACE_DATA";

    /** Where the store is: one of the two. */
    private static final class Location {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description =
                        "The directory of the store; the variable TERRACE_DATA if neither this nor a file is given.")
        private @Nullable Path data;

        @Option(
                names = "--store",
                paramLabel = "FILE",
                description = "A YAML or JSON file that describes the store: its tiers and settings.")
        private @Nullable Path store;
    }

    @ArgGroup
    private Location location = new Location();

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

    /** Whether it makes the embedded default if there is none. */
    boolean creates() {
        return false;
    }

    /** Whether opening settles what a dead process left behind. */
    boolean recovers() {
        return true;
    }

    /** @return the exit code */
    abstract int run(OpenedStore store) throws Exception;

    /** What can be said without a store. */
    void check() {}

    @Override
    public final Integer call() throws Exception {
        Path data = directory();
        check();
        try (OpenedStore store = open(data)) {
            return run(store);
        }
    }

    /** {@code null} if there is a file. */
    private @Nullable Path directory() {
        String variable = System.getenv(VARIABLE);
        if (location.data == null && location.store == null && variable == null) {
            throw Failure.usage(
                    "where is the store? Name its directory with --data, or a file that describes it with --store");
        }
        return location.data == null && location.store == null ? Path.of(variable) : location.data;
    }

    private OpenedStore open(@Nullable Path data) {
        if (location.store != null) {
            return ConfiguredStore.open(location.store, recovers());
        }
        EmbeddedStore.Opening opening = EmbeddedStore.at(data == null ? Path.of("") : data);
        return (recovers() ? opening : opening.withoutRecovery())
                .createIf(creates())
                .open();
    }

    static <T> T present(@Nullable T value, Object name) {
        if (value == null) {
            throw Failure.notFound("there is no object '" + name + "'");
        }
        return value;
    }
}
