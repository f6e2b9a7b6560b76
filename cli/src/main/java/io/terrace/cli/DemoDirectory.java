// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The temporary directory of a demo. Goes away with it, also when somebody presses Ctrl-C. */
final class DemoDirectory implements AutoCloseable {

    private final Path root;
    private final boolean keep;
    private final Thread hook;
    private volatile @Nullable Process writer;

    private DemoDirectory(Path root, boolean keep) {
        this.root = root;
        this.keep = keep;
        this.hook = new Thread(this::clean, "terrace-demo-cleanup");
    }

    /** @param bytes how much will be stored in it */
    static DemoDirectory create(long bytes, boolean keep) throws IOException {
        Path root = Files.createTempDirectory("terrace-demo-");
        long free = Files.getFileStore(root).getUsableSpace();
        if (free < bytes + DemoCrashes.ROOM) {
            Files.delete(root);
            throw Failure.localIo("'" + root.getParent() + "' has room for " + Progress.amount(free)
                    + ", which is not enough; name another place in JAVA_OPTS=-Djava.io.tmpdir=...");
        }
        DemoDirectory directory = new DemoDirectory(root, keep);
        Runtime.getRuntime().addShutdownHook(directory.hook);
        return directory;
    }

    Path store() {
        return root.resolve("store");
    }

    /** Where a writer says why it failed. */
    Path complaints() {
        return root.resolve("writer.err");
    }

    /** A process that must not outlive the demo. */
    void owns(Process process) {
        writer = process;
    }

    @Override
    public void close() {
        clean();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs too, and finds nothing to do.
            return;
        }
    }

    private void clean() {
        Process running = writer;
        if (running != null) {
            running.destroyForcibly();
        }
        if (!keep) {
            delete(root);
        }
    }

    /** What cannot be deleted stays: the place for temporary files is somebody's business to clean. */
    static void delete(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException left) {
            return;
        }
    }
}
