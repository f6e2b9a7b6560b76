// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.terrace.tiered.Finding;
import io.terrace.tiered.InspectionDepth;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;

/** Looks for what is wrong, and changes nothing. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Walk both tiers and the log and report what is dangling, orphan, corrupt, expired or still open; "
                        + "changes nothing. Exit code 1 if something is wrong; expired objects and open changes are not.")
final class VerifyCommand extends StoreCommand {

    @Option(names = "--content", description = "Read every byte too. This is the default.")
    private boolean content;

    @Option(names = "--quick", description = "Only compare rows, blobs and log; read no payload.")
    private boolean quick;

    private final Map<Finding.Kind, Long> counts = new EnumMap<>(Finding.Kind.class);

    VerifyCommand(Console console) {
        super(console);
    }

    @Override
    boolean recovers() {
        return false;
    }

    @Override
    void check() {
        if (content && quick) {
            throw Failure.usage("--content and --quick exclude each other; leave one out");
        }
    }

    @Override
    int run(OpenedStore store) {
        store.objects()
                .inspect(quick ? InspectionDepth.STRUCTURE : InspectionDepth.CONTENT)
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(this::report)
                .blockLast();
        console.print(json ? Json.line(summary()) : "verify: " + sentence());
        return counts.keySet().stream().anyMatch(Finding.Kind::isFault) ? ExitCode.FAULT : ExitCode.OK;
    }

    private void report(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        Object what = finding.object() == null ? "-" : finding.object();
        if (!json) {
            console.print(String.format("%-11s  %s  %s", label(finding.kind()), what, finding.detail()));
            return;
        }
        ObjectNode node = Json.object();
        node.put("kind", label(finding.kind())).put("fault", finding.kind().isFault());
        if (finding.object() != null) {
            node.put("name", what.toString());
        }
        if (finding.blob() != null) {
            node.put("blob", finding.blob().toString());
        }
        console.print(Json.line(node.put("detail", finding.detail())));
    }

    private ObjectNode summary() {
        ObjectNode node = Json.object();
        ObjectNode summary = node.putObject("summary");
        for (Finding.Kind kind : Finding.Kind.values()) {
            summary.put(label(kind), count(kind));
        }
        return node;
    }

    private String sentence() {
        return Arrays.stream(Finding.Kind.values())
                .map(kind -> count(kind) + " " + label(kind))
                .collect(Collectors.joining(", "));
    }

    private long count(Finding.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    private static String label(Finding.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
