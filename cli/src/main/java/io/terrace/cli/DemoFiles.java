// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a demo stores, in the order of their paths.
 *
 * @param root where they lie
 * @param chosen those that are taken
 * @param bytes how many bytes these have
 * @param found how many there are
 * @param foundBytes how many bytes there are
 */
record DemoFiles(Path root, List<Entry> chosen, long bytes, int found, long foundBytes) {

    /** For the help, next to the two numbers that it tells. */
    static final String LIMITS = "500 files and 128 MiB";

    private static final int FILES = 500;
    private static final long BYTES = 128L << 20;

    /**
     * One file.
     *
     * @param path where it is
     * @param size its length in bytes when it was found
     */
    record Entry(Path path, long size) {}

    static DemoFiles in(Path root, boolean all) throws IOException {
        List<Entry> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && Files.isReadable(file)) {
                    found.add(new Entry(file, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }
        });
        if (found.isEmpty()) {
            throw Failure.usage("there is no file that can be read in '" + root + "'; name a directory with some");
        }
        found.sort((a, b) -> a.path().compareTo(b.path()));
        List<Entry> chosen = new ArrayList<>();
        long bytes = 0;
        for (Entry file : found) {
            // One that does not fit is left out, the ones after it may.
            if (all || (chosen.size() < FILES && bytes + file.size() <= BYTES)) {
                chosen.add(file);
                bytes += file.size();
            }
        }
        if (chosen.isEmpty()) {
            throw Failure.usage("each file in '" + root + "' is larger than the demo takes; --all takes them");
        }
        return new DemoFiles(
                root,
                List.copyOf(chosen),
                bytes,
                found.size(),
                found.stream().mapToLong(Entry::size).sum());
    }

    String describe() {
        String all = found + " files, " + Progress.amount(foundBytes) + ", in " + root;
        return chosen.size() == found
                ? all
                : chosen.size() + " files, " + Progress.amount(bytes) + ", of " + all + " (--all takes the rest too)";
    }
}
