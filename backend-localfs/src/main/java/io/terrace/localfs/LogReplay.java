// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.RowFrame;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment back, and tells a write that was cut off from damage.
 *
 * <p>Bytes that make no record are a write that was cut off, by a crash or a power failure, only if nothing shows that they
 * had been on the disk: then nobody was told of them, and they are dropped with all behind them. They are damage if the
 * segment was made with them, or if a later record says that the disk had them. (CL-1.5)
 */
final class LogReplay {

    private static final int WINDOW = 1 << 20;

    private final FileChannel channel;
    private final Path path;
    private final long size;
    private final LogState state;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowAt;

    private LogReplay(FileChannel channel, Path path, LogState state) throws IOException {
        this.channel = channel;
        this.path = path;
        this.size = channel.size();
        this.state = state;
    }

    /**
     * Brings the state to what the segment says.
     *
     * @return how much of the segment that is; what follows is to be dropped
     * @throws io.terrace.IntegrityException if it is damaged
     */
    static long read(Path path, long number, LogState state) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new LogReplay(channel, path, state).run(number);
        }
    }

    private long run(long number) throws IOException {
        long sealed = LogSegment.sealedLength(bytesAt(0, LogSegment.HEADER_BYTES), path, number);
        long at = LogSegment.HEADER_BYTES;
        for (Found found = recordAt(at); found != null; found = recordAt(at)) {
            try {
                state.apply(found.stored.record(), found.bytes);
            } catch (IllegalArgumentException impossible) {
                throw damaged(at, String.valueOf(impossible.getMessage()), impossible);
            }
            at += found.bytes;
        }
        if (at < sealed) {
            throw damaged(at, "what is there is not what was written", null);
        }
        long last = lastNonZero(at);
        for (long later = at + 1; later < last; later++) {
            Found found = recordAt(later);
            if (found != null && found.stored.synced() > at) {
                throw damaged(
                        at,
                        "what is there is not what was written, since the record at offset " + later
                                + " says that it was on the disk",
                        null);
            }
        }
        return at;
    }

    /** Where the last byte is that is not one of the zeros behind the records: no record begins there or later. */
    private long lastNonZero(long from) throws IOException {
        long last = from;
        for (long at = from; at < size; at += WINDOW) {
            ByteBuffer bytes = bytesAt(at, WINDOW);
            for (int i = 0; i < bytes.limit(); i++) {
                last = bytes.get(i) == 0 ? last : at + i;
            }
        }
        return last;
    }

    /** The record there, or {@code null} if there is no whole one. */
    private @Nullable Found recordAt(long at) throws IOException {
        ByteBuffer prefix = bytesAt(at, LogCodec.PREFIX_BYTES + 2);
        if (prefix.remaining() < LogCodec.PREFIX_BYTES + 2) {
            return null;
        }
        int length = prefix.getInt(prefix.position());
        if (length < LogCodec.LEAST_BYTES
                || length > Math.min(LogCodec.MOST_BYTES, size - at - LogCodec.PREFIX_BYTES)) {
            return null;
        }
        int crc = prefix.getInt(prefix.position() + 4);
        ByteBuffer body = bytesAt(at + LogCodec.PREFIX_BYTES, length);
        if (body.remaining() < length || RowFrame.crcOf(body) != crc) {
            return null;
        }
        try {
            return new Found(LogCodec.decode(body), LogCodec.PREFIX_BYTES + length);
        } catch (IllegalArgumentException | BufferUnderflowException | io.terrace.InvalidObjectIdException e) {
            throw damaged(at, "a record cannot be decoded: " + e.getMessage(), e);
        }
    }

    /** As many of these bytes as there are; read through a window, so that each is read once. */
    private ByteBuffer bytesAt(long at, int length) throws IOException {
        if (at < windowAt || at + length > windowAt + window.limit()) {
            window = RowFile.readAt(channel, at, (int) Math.min(Math.max(WINDOW, length), Math.max(0, size - at)));
            windowAt = at;
        }
        int from = (int) (at - windowAt);
        return window.duplicate()
                .position(from)
                .limit(Math.min(window.limit(), from + length))
                .slice();
    }

    private RuntimeException damaged(long at, String how, @Nullable Throwable cause) {
        return LocalFsErrors.damaged("The change log's file '" + path + "', at offset " + at + ",", how, cause);
    }

    /**
     * A record that was found.
     *
     * @param stored the record
     * @param bytes how many it takes
     */
    private record Found(LogCodec.Stored stored, int bytes) {}
}
