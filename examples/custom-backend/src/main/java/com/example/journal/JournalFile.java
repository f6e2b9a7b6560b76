// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.terrace.ConfigurationException;
import io.terrace.IntegrityException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The file of rows: read once when it is opened, then only appended to. Blocks; used by one thread at a time. */
final class JournalFile implements Closeable {

    private final FileChannel lock;
    private final FileChannel out;
    private final boolean fsync;

    private JournalFile(FileChannel lock, FileChannel out, boolean fsync) {
        this.lock = lock;
        this.out = out;
        this.fsync = fsync;
    }

    /** Puts what is in the directory into the map, and writes that into a new file, without what may be forgotten. */
    static JournalFile open(Path directory, boolean fsync, Map<String, StoredRow> rows, long nowMicros)
            throws IOException {
        Files.createDirectories(directory);
        FileChannel lock = lock(directory);
        FileChannel out = null;
        try {
            Path file = directory.resolve("journal");
            if (Files.exists(file)) {
                replay(file, rows);
            }
            rows.values().removeIf(row -> row.isCollectableAt(nowMicros));
            Path next = directory.resolve("journal.new");
            out = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE);
            JournalFile opened = new JournalFile(lock, out, fsync);
            for (StoredRow row : rows.values()) {
                opened.write(row.encode());
            }
            opened.force();
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (fsync) {
                try (FileChannel entries = FileChannel.open(directory, READ)) {
                    entries.force(true);
                }
            }
            return opened;
        } catch (IOException | RuntimeException failed) {
            if (out != null) {
                out.close();
            }
            lock.close();
            throw failed;
        }
    }

    /** On the disk when this returns. If it throws, nobody knows what is there. */
    void append(ByteBuffer record) throws IOException {
        write(record);
        force();
    }

    long size() throws IOException {
        return out.size();
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            lock.close();
        }
    }

    private void write(ByteBuffer record) throws IOException {
        while (record.hasRemaining()) {
            out.write(record);
        }
    }

    private void force() throws IOException {
        if (fsync) {
            out.force(false);
        }
    }

    /** Two processes that append to one file would destroy it. The lock ends with the process, however that ends. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException ours) {
            // Refused below: somebody in this process has it.
        }
        channel.close();
        throw new ConfigurationException("The journal in " + directory
                + " is open already, and belongs to one store at a time. Close that one.");
    }

    /** The later of two records of one row wins. A last one that is short was never acknowledged, and is dropped. */
    private static void replay(Path file, Map<String, StoredRow> rows) throws IOException {
        long left = Files.size(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (left >= 8) {
                String where = "at " + (Files.size(file) - left) + " in " + file;
                int length = in.readInt();
                if (length < 0 || in.readInt() != ~length) {
                    throw new IntegrityException("The row " + where + " is damaged: its length is not one. Restore the"
                            + " file from a copy; its bytes have not been touched.");
                }
                left -= 8;
                if (length > left) {
                    return;
                }
                StoredRow row = StoredRow.decode(ByteBuffer.wrap(in.readNBytes(length)), where);
                rows.put(row.id().storagePath(), row);
                left -= length;
            }
        }
    }
}
