// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ExpirationPolicy;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a file or standard input. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description =
                "Store a file, or standard input, in the place of whatever is there. Makes the store if there is none.")
final class PutCommand extends StoreCommand {

    @Parameters(index = "0", paramLabel = "FILE|-", description = "The file; - for standard input.")
    private String file = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The name of the object.")
    private @Nullable ObjectId name;

    @Option(names = "--type", paramLabel = "TYPE", description = "The content type.")
    private @Nullable String type;

    @Option(
            names = "--expire",
            paramLabel = "POLICY",
            description = "When it expires: manual, ttl:DURATION or tti:DURATION, such as ttl:30days.")
    private @Nullable ExpirationPolicy expire;

    @Option(names = "--meta", paramLabel = "KEY=VALUE", description = "Metadata of your own; may be repeated.")
    private Map<String, String> custom = new LinkedHashMap<>();

    PutCommand(Console console) {
        super(console);
    }

    @Override
    boolean creates() {
        return true;
    }

    @Override
    void check() {
        metadata();
        if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
            throw Failure.localIo("'" + file + "' is a directory; put takes one file");
        }
        if (!file.equals("-") && !Files.isReadable(Path.of(file))) {
            throw Failure.localIo(
                    "'" + file + "' " + (Files.exists(Path.of(file)) ? "cannot be read" : "does not exist"));
        }
    }

    @Override
    int run(OpenedStore store) throws IOException {
        ObjectId id = present(name, "");
        ObjectInfo stored =
                present(store.objects().put(id, metadata(), payload()).block(), id);
        console.print(json ? Json.line(Json.of(stored)) : "stored " + id + " (" + stored.size() + " bytes)");
        return ExitCode.OK;
    }

    private ObjectMetadata metadata() {
        ObjectMetadata.Builder metadata = ObjectMetadata.builder().custom(custom);
        if (type != null) {
            metadata.contentType(type);
        }
        if (expire != null) {
            metadata.expiration(expire);
        }
        return metadata.build();
    }

    private Payload payload() throws IOException {
        if (file.equals("-")) {
            return Payload.from(LocalBytes.of(console.in()));
        }
        Path path = Path.of(file);
        Payload payload = Payload.from(LocalBytes.of(path));
        // A pipe has no length, and can be read once.
        return Files.isRegularFile(path)
                ? payload.contentLength(Files.size(path)).replayable()
                : payload;
    }
}
