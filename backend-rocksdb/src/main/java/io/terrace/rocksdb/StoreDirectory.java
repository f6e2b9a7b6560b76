// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.ConfigurationException;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The directory: a file that says what it is, one that says for people who has it, and below it RocksDB's own files. The
 * file that says what it is comes last, so a directory that has it is complete.
 */
final class StoreDirectory {

    private static final String FORMAT = "FORMAT";
    private static final String NEW_FORMAT = "FORMAT.new";
    private static final String OWNER = "OWNER";
    private static final String FILES = "rocksdb";
    private static final String MAGIC = "terrace-rocksdb";
    private static final int VERSION = 1;

    /** What may lie in a directory that is taken into use: traces of an earlier attempt, and what a fresh volume has. */
    private static final Set<String> HARMLESS = Set.of(FILES, OWNER, NEW_FORMAT, "lost+found");

    private final Path root;
    private final boolean unused;

    private StoreDirectory(Path root, boolean unused) {
        this.root = root;
        this.unused = unused;
    }

    /**
     * Makes the directory, or looks whether it is ours. Nothing in it is touched.
     *
     * @throws ConfigurationException if it is not ours, is of another version, or cannot be used
     */
    static StoreDirectory at(Path path) {
        try {
            create(path.toAbsolutePath().normalize());
            Path root = path.toRealPath();
            boolean unused = !Files.exists(root.resolve(FORMAT));
            if (unused) {
                checkUnused(root);
            } else {
                checkFormat(root);
            }
            return new StoreDirectory(root, unused);
        } catch (IOException e) {
            throw RocksDbErrors.ofOpening(path, null, e);
        }
    }

    /**
     * Makes a directory for a copy of a store. What it holds is no store before {@link #complete}.
     *
     * @throws ConfigurationException if there is anything in it, or it cannot be used
     */
    static StoreDirectory forCopy(Path path) {
        StoreDirectory target = at(path);
        if (!target.unused || Files.exists(target.files())) {
            throw new ConfigurationException("The directory '" + target.root
                    + "' holds rows already. Choose an empty directory for the copy, or one that does not exist.");
        }
        return target;
    }

    Path root() {
        return root;
    }

    /** Where RocksDB's files are. */
    Path files() {
        return root.resolve(FILES);
    }

    /** Whether there are no rows in it yet. */
    boolean isUnused() {
        return unused;
    }

    /** Who took it last; {@code null} if that is not known. */
    @Nullable
    String owner() {
        try {
            return Files.readString(root.resolve(OWNER)).strip();
        } catch (IOException unknown) {
            return null;
        }
    }

    /** Notes that it is ours now: RocksDB has the lock, and its files are there. */
    void take(TerraceRuntime runtime) {
        try {
            // For people only: what counts is the lock.
            Files.writeString(
                    root.resolve(OWNER), "process " + ProcessHandle.current().pid() + " since " + runtime.now() + "\n");
            if (unused) {
                complete();
            }
        } catch (IOException e) {
            throw RocksDbErrors.ofOpening(root, null, e);
        }
    }

    /** Says that all of it is there. */
    void complete() throws IOException {
        Path file = root.resolve(NEW_FORMAT);
        byte[] text = (MAGIC + " " + VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
        }
        force(root);
        Files.move(file, root.resolve(FORMAT), StandardCopyOption.ATOMIC_MOVE);
        force(root);
    }

    /** A directory is there after a power failure if the one that it is in was forced. */
    private static void create(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (!Files.exists(directory) && parent != null) {
            create(parent);
            Files.createDirectories(directory);
            force(parent);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void checkUnused(Path root) throws IOException {
        TreeSet<String> foreign = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            files.forEach(file -> foreign.add(String.valueOf(file.getFileName())));
        }
        foreign.removeAll(HARMLESS);
        // Another process may have taken the directory into use between our two looks.
        if (!foreign.isEmpty() && !Files.exists(root.resolve(FORMAT))) {
            throw new ConfigurationException("The directory '" + root + "' is not empty and not a store: it holds '"
                    + foreign.first() + "' but no file " + FORMAT + ". Choose an empty directory, or a store's.");
        }
    }

    private static void checkFormat(Path root) throws IOException {
        String text = Files.readString(root.resolve(FORMAT)).strip();
        String[] words = text.split(" ");
        if (words.length != 2 || !words[0].equals(MAGIC)) {
            throw new ConfigurationException("The directory '" + root + "' holds no rows in RocksDB: its file " + FORMAT
                    + " says '" + text + "'. Choose another directory, or the backend that it belongs to.");
        }
        if (!words[1].equals(String.valueOf(VERSION))) {
            throw new ConfigurationException("The rows in '" + root + "' have format version " + words[1]
                    + ", but this program reads version " + VERSION
                    + " only. Open them with the program that wrote them, or a later one.");
        }
    }
}
