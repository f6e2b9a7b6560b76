// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.localfs.LogState.Held;
import io.terrace.spi.RowFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that the log is in. It begins with the whole state as it was when the file was made, all of it on the disk
 * before the file got its name; behind that, records are appended.
 *
 * <pre>
 * offset bytes
 *      0     4  "TLOG"
 *      4     1  format, 1
 *      5     8  number of the segment
 *     13     8  length of what was on the disk when the segment got its name
 *     21     4  CRC32C of all bytes before
 *     25     .  records, see {@link LogCodec}, and behind them any number of zeros
 * </pre>
 */
final class LogSegment {

    static final int HEADER_BYTES = 25;

    private static final int MAGIC = 0x544C4F47;
    private static final byte FORMAT = 1;
    private static final int CHUNK = 256 * 1024;
    private static final int ALLOCATION = 1024 * 1024;
    private static final String SUFFIX = ".seg";

    private final Path path;
    private final long number;
    private final FileChannel channel;
    private final DurableFiles files;
    private long end;
    private long synced;
    /** Up to where there are zeros to be replaced. */
    private long allocated;

    private LogSegment(Path path, long number, FileChannel channel, DurableFiles files, long end) {
        this.path = path;
        this.number = number;
        this.channel = channel;
        this.files = files;
        this.end = end;
        this.synced = end;
        this.allocated = end;
    }

    /** Makes the segment with that number, and nothing but the state in it, all of it on the disk. */
    static LogSegment create(Path directory, long number, LogState state, DurableFiles files) throws IOException {
        Temporary file = files.create();
        long length = HEADER_BYTES;
        try {
            file.write(header(number, 0));
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            for (Held held : state.entries()) {
                chunk.writeBytes(LogCodec.encode(held.record(), 0));
                if (chunk.size() >= CHUNK) {
                    length += flush(chunk, file);
                }
            }
            for (String pin : state.pins()) {
                chunk.writeBytes(LogCodec.encode(new LogRecord.Pin(pin), 0));
            }
            length += flush(chunk, file);
            file.overwrite(header(number, length), 0);
            file.finish();
        } catch (IOException | RuntimeException e) {
            file.discard();
            throw e;
        }
        Path path = directory.resolve(nameOf(number));
        // Opened before it has its name: from then on it is the log, whatever fails.
        FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE);
        try {
            if (!files.link(file, path)) {
                throw new IOException(path + " exists already");
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new LogSegment(path, number, channel, files, length);
    }

    private static long flush(ByteArrayOutputStream chunk, Temporary file) throws IOException {
        int length = chunk.size();
        file.write(ByteBuffer.wrap(chunk.toByteArray()));
        chunk.reset();
        return length;
    }

    private static ByteBuffer header(long number, long sealed) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC).put(FORMAT).putLong(number).putLong(sealed);
        header.putInt(RowFrame.crcOf(header.duplicate().flip()));
        return header.flip();
    }

    /** The length that was on the disk from the beginning; fails if the bytes are not the header of that segment. */
    static long sealedLength(ByteBuffer header, Path path, long number) {
        String what = "The change log's file '" + path + "'";
        if (header.remaining() < HEADER_BYTES
                || header.getInt(0) != MAGIC
                || header.getInt(21) != RowFrame.crcOf(header.duplicate().limit(21))
                || header.getLong(5) != number) {
            throw LocalFsErrors.damaged(what, "its header, at offset 0, is not what was written");
        }
        if (header.get(4) != FORMAT) {
            throw LocalFsErrors.damaged(
                    what, "it has format " + header.get(4) + ", but this version reads " + FORMAT + " only");
        }
        return header.getLong(13);
    }

    static String nameOf(long number) {
        return "0".repeat(16 - Long.toString(number).length()) + number + SUFFIX;
    }

    /** The number in a segment's file name, or -1. */
    static long numberIn(String fileName) {
        return fileName.matches("\\d{16}\\" + SUFFIX) ? Long.parseLong(fileName.substring(0, 16)) : -1;
    }

    Path path() {
        return path;
    }

    long number() {
        return number;
    }

    /** Where the next record goes. */
    long end() {
        return end;
    }

    /** Up to where it is known to be on the disk. */
    long synced() {
        return synced;
    }

    /**
     * Appends in one write.
     *
     * @throws NotDurableException if it failed and cannot be undone either; any other failure has been undone
     */
    void append(ByteBuffer bytes) throws IOException {
        long at = end;
        try {
            files.announce(Failpoint.Step.WRITE, path);
            allocate(at + bytes.remaining());
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            end = at;
        } catch (IOException e) {
            undo(e);
            throw e;
        }
    }

    /** Writes zeros ahead: to force bytes that replace others is cheap, to force a file that has grown is not. */
    private void allocate(long needed) throws IOException {
        while (files.isDurable() && allocated < needed) {
            allocated += channel.write(ByteBuffer.allocate(ALLOCATION), allocated);
        }
    }

    private void undo(IOException cause) throws NotDurableException {
        try {
            channel.truncate(end);
            allocated = end;
            files.force(channel, path);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw new NotDurableException("appending to " + path + " failed, and undoing it too", true, cause);
        }
    }

    /** Waits until everything is on the disk. */
    void force() throws IOException {
        if (synced < end) {
            files.force(channel, path);
            synced = end;
        }
    }

    void close() throws IOException {
        try (channel) {
            channel.truncate(end);
        }
    }
}
