// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where in its directory the embedded default has its tiers, and in which backends. Decided here, by what is on the disk:
 *
 * <pre>
 *   rows/     rows, in RocksDB
 *   files/    blobs and change log, as local files
 * </pre>
 *
 * <p>A directory that is itself one of local files, with a file {@code FORMAT}, is of the time when they played every role,
 * and stays so: its rows are where they were written.
 *
 * @param rowsBackend who has the rows
 * @param rows their directory
 * @param files that of blobs and change log
 */
record EmbeddedLayout(String rowsBackend, Path rows, Path files) {

    static final String FILES_BACKEND = "localfs";
    private static final String ROWS_BACKEND = "rocksdb";

    /** Each directory of a backend has it. */
    private static final String FORMAT = "FORMAT";

    private static final String ROWS = "rows";
    private static final String FILES = "files";

    /** What may lie in a directory that is taken into use: traces of an earlier attempt, and what a fresh volume has. */
    private static final Set<String> HARMLESS = Set.of(ROWS, FILES, "lost+found");

    static EmbeddedLayout of(Path directory) {
        return Files.exists(directory.resolve(FORMAT))
                ? new EmbeddedLayout(FILES_BACKEND, directory, directory)
                : new EmbeddedLayout(ROWS_BACKEND, directory.resolve(ROWS), directory.resolve(FILES));
    }

    /**
     * The layout of a store that is there, or is to be made.
     *
     * @throws Failure if there is none and none is to be made, or if something else is in its place
     */
    static EmbeddedLayout of(Path directory, boolean create) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw Failure.usage("'" + directory + "' is not a directory; name one with --data");
        }
        EmbeddedLayout layout = of(directory);
        boolean hasRows = Files.exists(layout.rows.resolve(FORMAT));
        // Rows come first when a store is made. Without them, all blobs would pass for garbage.
        if (!hasRows && Files.exists(layout.files.resolve(FORMAT))) {
            throw Failure.usage("the rows of the store in '" + directory + "' are gone: '" + layout.rows
                    + "' has no file " + FORMAT + "; restore the whole directory from a copy");
        }
        if (!hasRows && !create) {
            throw Failure.usage("there is no store in '" + directory + "'; the first put makes one");
        }
        if (!hasRows) {
            checkUnused(directory);
        }
        return layout;
    }

    private static void checkUnused(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !HARMLESS.contains(name))
                    .sorted()
                    .findFirst()
                    .ifPresent(foreign -> {
                        throw Failure.usage("the directory '" + directory + "' is not empty and not a store: it holds '"
                                + foreign + "'; choose an empty directory, or a store's");
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
