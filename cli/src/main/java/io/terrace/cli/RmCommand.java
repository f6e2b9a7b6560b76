// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ObjectId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes objects. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Delete objects. One that is not there counts as deleted.")
final class RmCommand extends StoreCommand {

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The names of the objects.")
    private List<String> names = List.of();

    RmCommand(Console console) {
        super(console);
    }

    /** All of them before the first is deleted. Not a converter: picocli takes an error of one for the end of the list. */
    @Override
    void check() {
        names.forEach(ObjectId::parse);
    }

    @Override
    int run(OpenedStore store) {
        for (String name : names) {
            ObjectId id = ObjectId.parse(name);
            store.objects().delete(id).block();
            if (json) {
                console.print(Json.line(Json.object().put("name", id.toString()).put("deleted", true)));
            } else {
                console.print("deleted " + id);
            }
        }
        return ExitCode.OK;
    }
}
