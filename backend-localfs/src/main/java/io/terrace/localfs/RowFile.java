// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.ObjectId;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as it lies in its file: the frame, then the payload.
 *
 * @param frame the frame
 * @param payload the payload, {@code null} if it was not read
 */
record RowFile(RowFrame frame, @Nullable ByteBuffer payload) {

    /** Reads a row without its payload; {@code null} if there is none. */
    static @Nullable RowFile readHead(Path path, @Nullable ObjectId expected) throws IOException {
        return read(path, expected, false);
    }

    /** Reads a whole row and checks it; {@code null} if there is none. */
    static @Nullable RowFile readAll(Path path, @Nullable ObjectId expected) throws IOException {
        return read(path, expected, true);
    }

    RowHead head() {
        return frame.head();
    }

    ObjectId object() {
        ObjectId id = frame.object();
        if (id == null) {
            throw new IllegalStateException("checked when it was read");
        }
        return id;
    }

    /** The content of the file of a row. */
    static List<ByteBuffer> encode(RowFrame frame, @Nullable ByteBuffer payload) {
        ByteBuffer head = frame.encode();
        return payload == null ? List.of(head) : List.of(head, payload.duplicate());
    }

    private static @Nullable RowFile read(Path path, @Nullable ObjectId expected, boolean all) throws IOException {
        String what = expected == null ? path.toString() : expected.toString();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer head = readAt(channel, 0, (int) Math.min(size, RowFrame.MAX_BYTES));
            RowFrame frame = RowFrame.decode(head, what);
            if (frame.object() == null || (expected != null && !expected.equals(frame.object()))) {
                throw LocalFsErrors.damaged("The file " + path, "it is the row of " + frame.object());
            }
            if (size != (long) head.position() + frame.payloadLength()) {
                throw LocalFsErrors.damaged("The row of " + what, "its file has " + size + " bytes");
            }
            return new RowFile(frame, all ? payload(channel, head, frame, what) : null);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    private static @Nullable ByteBuffer payload(FileChannel channel, ByteBuffer head, RowFrame frame, String what)
            throws IOException {
        if (frame.head().kind() != RowKind.INLINE) {
            return null;
        }
        ByteBuffer payload = head.remaining() == frame.payloadLength()
                ? head.slice()
                : readAt(channel, head.position(), frame.payloadLength());
        frame.verify(payload, what);
        return payload;
    }

    static ByteBuffer readAt(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
            // Until it is full, or the file is shorter than it was: then the check that follows finds it.
        }
        return bytes.flip();
    }
}
