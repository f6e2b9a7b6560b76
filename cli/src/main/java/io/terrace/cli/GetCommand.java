// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ByteRange;
import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads an object into a file or standard output. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Read an object into a file, or to standard output. A file is replaced when all of it is there.")
final class GetCommand extends StoreCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The name of the object.")
    private @Nullable ObjectId name;

    @Parameters(index = "1", paramLabel = "FILE|-", description = "The file; - for standard output.")
    private String file = "";

    @Option(
            names = "--range",
            paramLabel = "RANGE",
            description = "A part: FIRST-LAST (both included), FIRST- or -COUNT, in bytes.")
    private @Nullable ByteRange range;

    GetCommand(Console console) {
        super(console);
    }

    @Override
    void check() {
        if (file.equals("-")) {
            if (json) {
                throw Failure.usage("--json and the object cannot both go to standard output; name a file");
            }
            return;
        }
        Path parent = Path.of(file).toAbsolutePath().getParent();
        if (Files.isDirectory(Path.of(file)) || parent == null || !Files.isDirectory(parent)) {
            throw Failure.localIo("'" + file + "' is a directory, or lies in none; get writes one file");
        }
    }

    @Override
    int run(OpenedStore store) throws IOException {
        ObjectId id = present(name, "");
        if (file.equals("-")) {
            present(copy(store, id, LocalBytes.channelOf(console.out())), id);
            return ExitCode.OK;
        }
        ObjectInfo info = present(toFile(store, id, Path.of(file)), id);
        if (json) {
            console.print(Json.line(Json.of(info)));
        }
        return ExitCode.OK;
    }

    private @Nullable ObjectInfo toFile(OpenedStore store, ObjectId id, Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A device or a pipe is written to, not replaced.
            try (FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
                return copy(store, id, to);
            }
        }
        Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path part = real.resolveSibling(
                real.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            ObjectInfo info;
            try (FileChannel to = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                to.truncate(0);
                info = copy(store, id, to);
            }
            if (info != null) {
                Files.move(part, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return info;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private @Nullable ObjectInfo copy(OpenedStore store, ObjectId id, WritableByteChannel to) {
        return store.objects()
                .withObject(id, new GetOptions(range), object -> LocalBytes.write(object.body(), to)
                        .thenReturn(object.info()))
                .block();
    }
}
