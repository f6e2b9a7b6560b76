// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * An open directory: checked to be ours, with the locks that its processes share and a place for temporary files.
 *
 * <p>Each JVM has its own directory of temporary files and holds a lock on its number. A number that nobody holds belonged
 * to a process that is gone, so whatever lies there is swept.
 *
 * @param root the directory
 * @param locks the locks in it
 * @param files how to write in it
 */
record Layout(Path root, LockFile locks, DurableFiles files) {

    private static final String FORMAT = "FORMAT";
    private static final String LOCK = "LOCK";
    private static final String TMP = "tmp";
    private static final String MAGIC = "terrace-localfs";
    private static final int VERSION = 1;
    /** What may lie in a directory that is taken into use: traces of an earlier attempt, and what a fresh volume has. */
    private static final Set<String> HARMLESS = Set.of(LOCK, TMP, "lost+found");

    private static final int FORMAT_TRIES = 1000;
    private static final long FORMAT_PAUSE_NANOS = 10_000_000;

    Path rows() {
        return root.resolve("rows");
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    Path uploads() {
        return root.resolve("uploads");
    }

    Path log() {
        return root.resolve("log");
    }

    /**
     * Opens a directory, or makes it. Only on a thread that cannot be interrupted.
     *
     * @throws ConfigurationException if it is not ours, is of another version, or cannot be used
     */
    static Layout open(Path path, Fsync fsync, Failpoint failpoint) {
        try {
            Path root = createRoot(path);
            if (!Files.exists(root.resolve(FORMAT))) {
                checkUnused(root);
            }
            LockFile locks = LockFile.at(root.resolve(LOCK));
            Path tmp = Files.createDirectories(root.resolve(TMP));
            Path own =
                    Files.createDirectories(tmp.resolve(String.valueOf(locks.slot(n -> empty(tmp.resolve("" + n))))));
            DurableFiles files =
                    new DurableFiles(root, fsync, failpoint, () -> own.resolve(String.valueOf(locks.nextTemporary())));
            if (!Files.exists(root.resolve(FORMAT))) {
                writeFormat(root, locks, files);
            }
            checkFormat(root);
            sweep(tmp, own, locks);
            Layout layout = new Layout(root, locks, files);
            SessionFiles.sweep(layout.uploads());
            return layout;
        } catch (IOException e) {
            throw new ConfigurationException(
                    "The directory '" + path + "' cannot be used: " + e
                            + ". It must be on a local file system with locks, and this process must be able to write there.",
                    e);
        }
    }

    /** Whether the directory is still there; for a health check. */
    void probe() throws IOException {
        if (!Files.readString(root.resolve(FORMAT)).startsWith(MAGIC) || !locks.isOpen()) {
            throw new NoSuchFileException(root.resolve(FORMAT).toString());
        }
    }

    private static Path createRoot(Path path) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path p = path.toAbsolutePath().normalize(); p != null && !Files.exists(p); p = p.getParent()) {
            missing.add(0, p);
        }
        Files.createDirectories(path);
        for (Path made : missing) {
            if (made.getParent() != null) {
                new DurableFiles(made.getParent(), Fsync.ALWAYS, Failpoint.NONE, () -> made).ensureDirectory(made);
            }
        }
        return path.toRealPath();
    }

    private static void checkUnused(Path root) throws IOException {
        TreeSet<String> foreign = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            files.forEach(file -> foreign.add(String.valueOf(file.getFileName())));
        }
        foreign.removeAll(HARMLESS);
        // Somebody else may have taken the directory into use between our two looks.
        if (!foreign.isEmpty() && !Files.exists(root.resolve(FORMAT))) {
            throw new ConfigurationException("The directory '" + root + "' is not empty and not a store: it holds '"
                    + foreign.first() + "' but no file " + FORMAT + ". Choose an empty directory, or a store's.");
        }
    }

    private static void writeFormat(Path root, LockFile locks, DurableFiles files) throws IOException {
        for (int i = 0; i < FORMAT_TRIES && !Files.exists(root.resolve(FORMAT)); i++) {
            FileLock lock = locks.tryLock(LockFile.FORMAT);
            if (lock == null) {
                LockSupport.parkNanos(FORMAT_PAUSE_NANOS);
                continue;
            }
            try (lock) {
                String text = MAGIC + " " + VERSION + "\n";
                files.link(
                        files.stage(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))),
                        root.resolve(FORMAT));
            }
        }
    }

    private static void checkFormat(Path root) throws IOException {
        String[] words = Files.readString(root.resolve(FORMAT)).strip().split(" ");
        if (words.length != 2 || !words[0].equals(MAGIC)) {
            throw new ConfigurationException("The file " + FORMAT + " in '" + root
                    + "' is not that of a store. Choose another directory, or restore the file from a copy.");
        }
        if (!words[1].equals(String.valueOf(VERSION))) {
            throw new ConfigurationException("The store in '" + root + "' has format version " + words[1]
                    + ", but this program reads version " + VERSION
                    + " only. Open it with the program that wrote it, or a later one.");
        }
    }

    private static void sweep(Path tmp, Path own, LockFile locks) throws IOException {
        try (DirectoryStream<Path> slots = Files.newDirectoryStream(tmp)) {
            for (Path slot : slots) {
                String name = String.valueOf(slot.getFileName());
                if (name.matches("\\d{1,9}") && !slot.equals(own)) {
                    sweepIfOwnerIsGone(slot, Integer.parseInt(name), locks);
                }
            }
        }
    }

    private static void sweepIfOwnerIsGone(Path slot, int number, LockFile locks) throws IOException {
        FileLock lock = locks.tryLockSlot(number);
        if (lock != null) {
            try (lock) {
                empty(slot);
            }
        }
    }

    private static void empty(Path slot) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(slot)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException neverUsed) {
            return;
        }
    }
}
