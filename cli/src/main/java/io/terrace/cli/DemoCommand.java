// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows on real files what the store does, including what it does when it is killed. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Store real files in a temporary directory, read them back and compare; read a range, overwrite across "
                        + "the tiers, delete, kill a writer and recover. Exit code 1 if anything differs, is orphan or dangling.")
final class DemoCommand implements Callable<Integer>, SpeaksJson {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The files, with all below; those of the JDK that runs this if left out.")
    private @Nullable Path from;

    @Option(names = "--all", description = "Take all files, not only the first " + DemoFiles.LIMITS + ".")
    private boolean all;

    @Option(names = "--keep", description = "Leave the store where it is, to look at with the other commands.")
    private boolean keep;

    @Option(names = "--json", description = "Print only the result, as a JSON object.")
    private boolean json;

    private final Console console;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public boolean json() {
        return json;
    }

    @Override
    public Integer call() throws IOException {
        Path source = from == null ? Path.of(System.getProperty("java.home")) : from;
        if (!Files.isDirectory(source)) {
            throw Failure.usage("'" + source + "' is not a directory; name one with files in it");
        }
        DemoFiles files = DemoFiles.in(source.toRealPath(), all);
        try (DemoDirectory directory = DemoDirectory.create(files.bytes(), keep)) {
            DemoReport report = new DemoReport(console, json);
            report.say("input", files.describe());
            report.say("store", directory.store().toString());
            run(files, directory, report);
            console.print(json ? Json.line(result(report)) : report.lastLine());
            return report.isGood() ? ExitCode.OK : ExitCode.FAULT;
        }
    }

    private static void run(DemoFiles files, DemoDirectory directory, DemoReport report) throws IOException {
        try (EmbeddedStore store = EmbeddedStore.at(directory.store()).create().open()) {
            DemoObjects objects = new DemoObjects(store.objects(), report);
            List<DemoObjects.Stored> stored = objects.store(files);
            objects.compare(stored);
            objects.range(stored);
            objects.overwriteAndDelete();
        }
        new DemoCrashes(directory, report).run();
        report.inspect(directory.store(), DemoObjects.PREFIX);
    }

    static ObjectNode result(DemoReport report) {
        return Json.object()
                .put("objects", report.objects())
                .put("bytes", report.bytes())
                .put("inline", report.inline())
                .put("longTerm", report.longTerm())
                .put("mismatches", report.mismatches())
                .put("orphans", report.orphans())
                .put("dangling", report.dangling());
    }
}
