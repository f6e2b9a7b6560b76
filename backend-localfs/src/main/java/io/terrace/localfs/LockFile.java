// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The locks that the processes on one directory share: single bytes of an empty file, by number.
 *
 * <p>There is one channel per JVM and file, and it is never closed. POSIX gives locks to the process, not to the channel:
 * closing any channel of the file, even one that never locked anything, releases them all. For the same reason nobody
 * waits inside {@code lock()}, where two threads that wait for different bytes look like a deadlock to the kernel, and only
 * {@linkplain IoThreads threads that cannot be interrupted} come near.
 */
final class LockFile {

    /** One byte for each of the stripes that rows are spread over. */
    static final int STRIPES = 1 << 16;

    static final long FORMAT = STRIPES;
    static final long CHANGE_LOG = STRIPES + 1L;
    /** From here on, one byte for each directory of temporary files. */
    private static final long SLOTS = 2L * STRIPES;

    private static final Map<Object, LockFile> OPEN = new HashMap<>();

    private final FileChannel channel;
    private final Stripes stripes = new Stripes();
    private final AtomicLong sequence = new AtomicLong();
    private @Nullable FileLock slotLock;
    private int slot;

    private LockFile(FileChannel channel) {
        this.channel = channel;
    }

    /** The one for this path. Makes the file if there is none. */
    static LockFile at(Path path) throws IOException {
        synchronized (OPEN) {
            try {
                Files.createFile(path);
            } catch (FileAlreadyExistsException expected) {
                // Looked at by its attributes below, because opening it a second time would not be safe.
            }
            // By the file's identity: one file can have several paths, and one path several files, one after another.
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            Object identity = key == null ? path.toRealPath() : key;
            LockFile known = OPEN.get(identity);
            if (known == null) {
                known = new LockFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
                OPEN.put(identity, known);
            }
            return known;
        }
    }

    /** Takes a byte if it is free, without waiting. Only for a thread that cannot be interrupted. */
    @Nullable
    FileLock tryLock(long position) throws IOException {
        try {
            return channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Who may work on a stripe within this JVM; comes before the byte. */
    Stripes stripes() {
        return stripes;
    }

    /**
     * The number of the directory of temporary files that is this JVM's own, for as long as it lives.
     *
     * @param taken told when the number has just been taken, before anybody uses it
     */
    synchronized int slot(Taken taken) throws IOException {
        for (int i = 0; slotLock == null; i++) {
            FileLock lock = tryLockSlot(i);
            if (lock != null) {
                taken.by(i);
                slotLock = lock;
                slot = i;
            }
        }
        return slot;
    }

    /** What is to be done with a slot that has a new owner. */
    interface Taken {
        void by(int slot) throws IOException;
    }

    @Nullable
    FileLock tryLockSlot(int number) throws IOException {
        return tryLock(SLOTS + number);
    }

    /** A number for a temporary file, unique within the slot. */
    long nextTemporary() {
        return sequence.incrementAndGet();
    }
}
