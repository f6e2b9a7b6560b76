// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ObjectInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reactor.core.scheduler.Schedulers;

/** Lists objects. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List objects as size in bytes, time written and name, in the order of storage paths.")
final class LsCommand extends StoreCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "Only names that begin with this, such as media/org=17;project=42/a/")
    private String prefix = "";

    LsCommand(Console console) {
        super(console);
    }

    @Override
    int run(OpenedStore store) {
        NamePrefix wanted = new NamePrefix(prefix);
        store.objects()
                .scan(wanted.storagePrefix())
                .filter(info -> wanted.matches(info.id()))
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(info -> console.print(json ? Json.line(Json.of(info)) : line(info)))
                .blockLast();
        return ExitCode.OK;
    }

    private static String line(ObjectInfo info) {
        Instant created = info.metadata().timeCreated();
        return String.format(
                "%14d  %-20s  %s",
                info.size(), created == null ? "-" : created.truncatedTo(ChronoUnit.SECONDS), info.id());
    }
}
