// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static io.terrace.localfs.Failpoint.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The one way in which anything here becomes durable: written to a temporary file, forced, linked or renamed to its name,
 * and the directory forced. Whoever sees the name sees the whole content, before and after any crash.
 *
 * <p>A failure before the name exists leaves nothing. One after that, or one of which nobody can tell, is a
 * {@link NotDurableException} that {@linkplain NotDurableException#isVisible() says so}.
 */
final class DurableFiles {

    /** Only an accelerator; forgetting it costs an fsync. */
    private static final int REMEMBERED_DIRECTORIES = 65_536;

    private final Path root;
    private final Fsync fsync;
    private final Failpoint failpoint;
    private final Supplier<Path> temporaryNames;
    private final Set<Path> durableDirectories = ConcurrentHashMap.newKeySet();

    /** @param root the directory that everything is in; it exists */
    DurableFiles(Path root, Fsync fsync, Failpoint failpoint, Supplier<Path> temporaryNames) {
        this.root = root;
        this.fsync = fsync;
        this.failpoint = failpoint;
        this.temporaryNames = temporaryNames;
    }

    /** Whether forcing does anything. */
    boolean isDurable() {
        return fsync == Fsync.ALWAYS;
    }

    /** Opens a new temporary file. */
    Temporary create() throws IOException {
        Path path = temporaryNames.get();
        return new Temporary(path, FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    /** Writes a temporary file and forces it. */
    Temporary stage(List<ByteBuffer> content) throws IOException {
        Temporary temporary = create();
        try {
            for (ByteBuffer bytes : content) {
                temporary.write(bytes);
            }
            temporary.finish();
            return temporary;
        } catch (IOException | RuntimeException e) {
            temporary.discard();
            throw e;
        }
    }

    /** Gives a finished file its name, in the place of what was there. */
    void replace(Temporary temporary, Path target) throws IOException {
        publish(temporary, target, true, () -> {
            Files.move(temporary.path, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        });
    }

    /**
     * The same, in a directory that is durable already, and is not made again if it is gone.
     *
     * @throws NoSuchFileException if it is
     */
    void replaceIfDirectory(Temporary temporary, Path target) throws IOException {
        if (!Files.isDirectory(parentOf(target))) {
            throw new NoSuchFileException(target.toString());
        }
        publish(temporary, target, false, () -> {
            Files.move(temporary.path, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        });
    }

    /** Gives a finished file its name if nothing has it. False, and the file is gone, if something has. */
    boolean link(Temporary temporary, Path target) throws IOException {
        try {
            return publish(temporary, target, true, () -> {
                try {
                    Files.createLink(target, temporary.path);
                    return true;
                } catch (FileAlreadyExistsException taken) {
                    return false;
                }
            });
        } finally {
            temporary.discard();
        }
    }

    /** Removes a name. False if there was none; then somebody else may be about to make that durable, so we do it too. */
    boolean remove(Path target) throws IOException {
        boolean removed;
        try {
            failpoint.at(Step.REMOVE, target);
            removed = Files.deleteIfExists(target);
        } catch (IOException e) {
            throw hasNoEffect(e) ? e : new NotDurableException("removing " + target + " failed", true, e);
        }
        Path directory = parentOf(target);
        if (removed || Files.isDirectory(directory)) {
            forceDirectory(directory);
        }
        return removed;
    }

    /** Makes a directory below the root, and every one above it, such that it survives. Cheap when repeated. */
    void ensureDirectory(Path directory) throws IOException {
        if (directory.equals(root) || durableDirectories.contains(directory)) {
            return;
        }
        Path parent = parentOf(directory);
        ensureDirectory(parent);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException other) {
            if (!Files.isDirectory(directory)) {
                throw other;
            }
        }
        // Also if it was there: whoever made it may not have come to this yet.
        forceDirectory(parent);
        if (durableDirectories.size() >= REMEMBERED_DIRECTORIES) {
            durableDirectories.clear();
        }
        durableDirectories.add(directory);
    }

    /** Lets a test look on at a step that is taken elsewhere. */
    void announce(Step step, Path path) throws IOException {
        failpoint.at(step, path);
    }

    /** Forces a file whose content is visible already. */
    void force(FileChannel channel, Path path) throws IOException {
        try {
            failpoint.at(Step.FORCE_FILE, path);
            if (fsync == Fsync.ALWAYS) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw new NotDurableException("fsync of " + path + " failed", true, e);
        }
    }

    private boolean publish(Temporary temporary, Path target, boolean prepare, Rename rename) throws IOException {
        Path directory = parentOf(target);
        boolean published;
        try {
            if (prepare) {
                prepareDirectory(directory);
            }
            failpoint.at(Step.PUBLISH, target);
            published = rename.run();
        } catch (IOException e) {
            // Somebody may have removed directories that we have made sure of.
            durableDirectories.clear();
            temporary.discard();
            if (e instanceof NotDurableException || hasNoEffect(e)) {
                throw e;
            }
            throw new NotDurableException("naming " + target + " failed", true, e);
        }
        try {
            failpoint.at(Step.PUBLISHED, target);
        } catch (IOException e) {
            throw new NotDurableException("the answer about " + target + " was lost", true, e);
        }
        forceDirectory(directory);
        return published;
    }

    private void prepareDirectory(Path directory) throws IOException {
        try {
            ensureDirectory(directory);
        } catch (NotDurableException e) {
            throw e.beforeAnythingIsVisible();
        }
    }

    private void forceDirectory(Path directory) throws IOException {
        try {
            failpoint.at(Step.FORCE_DIRECTORY, directory);
            if (fsync == Fsync.ALWAYS) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new NotDurableException("fsync of the directory " + directory + " failed", true, e);
        }
    }

    /** A change of a directory that was refused, in contrast to one that broke on the way. */
    private static boolean hasNoEffect(IOException e) {
        return e instanceof NoSuchFileException
                || e instanceof java.nio.file.AccessDeniedException
                || e instanceof java.nio.file.AtomicMoveNotSupportedException
                || LocalFsErrors.isFull(e);
    }

    private static Path parentOf(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is in no directory");
        }
        return parent;
    }

    private interface Rename {
        boolean run() throws IOException;
    }

    /** A file without a name that counts. Used by one thread at a time. */
    final class Temporary {
        private final Path path;
        private final FileChannel channel;
        private long length;

        private Temporary(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        Path path() {
            return path;
        }

        /** Appends the bytes from position to limit; the buffer's position moves. */
        void write(ByteBuffer bytes) throws IOException {
            failpoint.at(Step.WRITE, path);
            while (bytes.hasRemaining()) {
                length += channel.write(bytes, length);
            }
        }

        /** Replaces bytes that have been written. */
        void overwrite(ByteBuffer bytes, long position) throws IOException {
            failpoint.at(Step.WRITE, path);
            for (long at = position; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        }

        /** Forces and closes. */
        void finish() throws IOException {
            try {
                failpoint.at(Step.FORCE_FILE, path);
                if (fsync == Fsync.ALWAYS) {
                    channel.force(true);
                }
            } catch (IOException e) {
                throw new NotDurableException("fsync of " + path + " failed", false, e);
            } finally {
                channel.close();
            }
        }

        /** Closes and removes, as far as possible: what stays is swept later. */
        void discard() {
            try {
                channel.close();
                Files.deleteIfExists(path);
            } catch (IOException left) {
                // Whatever made us discard it is the error to report; the sweep at the next start finds the file.
                return;
            }
        }
    }
}
