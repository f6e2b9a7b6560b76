// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Describes an object. */
@Command(name = "head", mixinStandardHelpOptions = true, description = "Describe an object without reading it.")
final class HeadCommand extends StoreCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The name of the object.")
    private @Nullable ObjectId name;

    HeadCommand(Console console) {
        super(console);
    }

    @Override
    int run(OpenedStore store) {
        ObjectId id = present(name, "");
        ObjectInfo info = present(store.objects().head(id).block(), id);
        if (json) {
            console.print(Json.line(Json.of(info)));
            return ExitCode.OK;
        }
        ObjectMetadata metadata = info.metadata();
        line("name", info.id());
        line("size", info.size());
        line("etag", info.etag());
        line("type", metadata.contentType());
        line("created", metadata.timeCreated());
        line("policy", metadata.expiration());
        line("expires", metadata.timeExpires());
        line("compression", metadata.compression());
        line("origin", metadata.origin());
        line("filename", metadata.filename());
        metadata.custom().forEach((key, value) -> line("meta", key + "=" + value));
        return ExitCode.OK;
    }

    private void line(String label, @Nullable Object value) {
        if (value != null) {
            console.print(String.format("%-12s%s", label, value));
        }
    }
}
