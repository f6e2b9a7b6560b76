// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.Determinacy;
import io.terrace.ObjectMetadata;
import io.terrace.TooLargeException;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.RowFrame;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * What stands before the body in the file of a blob.
 *
 * <pre>
 * offset bytes
 *      0     4  "TBLB"
 *      4     1  format, 1
 *      5     4  length of all this, so where the body begins
 *      9     8  length of the body
 *     17     4  CRC32C of the body
 *     21   2+p  storage path of the blob
 *      .   4+m  metadata as JSON
 *      .     4  CRC32C of all bytes before
 * </pre>
 *
 * @param info what the blob is
 * @param bodyAt where the body begins
 * @param bodyCrc its CRC32C
 */
record BlobFrame(BlobInfo info, int bodyAt, int bodyCrc) {

    private static final int MAGIC = 0x54424C42;
    private static final byte FORMAT = 1;
    private static final int FIRST_READ = 4096;
    private static final int MAX_BYTES = 64 * 1024;
    private static final int FIXED_BYTES = 4 + 1 + 4 + 8 + 4;

    /** The bytes of the frame. Their number depends on neither the length nor the checksum of the body. */
    static ByteBuffer encode(BlobId id, ObjectMetadata metadata, long bodyLength, int bodyCrc) {
        byte[] path = id.storagePath().getBytes(StandardCharsets.UTF_8);
        byte[] json = metadata.toJson();
        int size = FIXED_BYTES + 2 + path.length + 4 + json.length + 4;
        if (size > MAX_BYTES) {
            throw new TooLargeException(
                    LocalFsErrors.BACKEND,
                    "The description of the blob takes " + size + " bytes, but at most " + MAX_BYTES
                            + " are possible. Shorten its custom metadata.",
                    Determinacy.NOT_APPLIED);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(MAGIC).put(FORMAT).putInt(size).putLong(bodyLength).putInt(bodyCrc);
        out.putShort((short) path.length).put(path);
        out.putInt(json.length).put(json);
        out.putInt(RowFrame.crcOf(out.duplicate().flip()));
        return out.flip();
    }

    /** Reads the frame of an open file and checks that the file has the length that it says. */
    static BlobFrame read(FileChannel channel, String what) throws IOException {
        long size = channel.size();
        ByteBuffer head = RowFile.readAt(channel, 0, (int) Math.min(size, FIRST_READ));
        int length = head.limit() < FIXED_BYTES ? 0 : head.getInt(5);
        if (length > FIRST_READ && length <= Math.min(size, MAX_BYTES)) {
            head = RowFile.readAt(channel, 0, length);
        }
        BlobFrame frame = decode(head, what);
        if (size != frame.bodyAt + frame.info.size()) {
            throw LocalFsErrors.damaged(
                    "The blob " + what,
                    "its file has " + size + " bytes instead of " + (frame.bodyAt + frame.info.size()));
        }
        return frame;
    }

    private static BlobFrame decode(ByteBuffer in, String what) {
        try {
            if (in.getInt() != MAGIC) {
                throw LocalFsErrors.damaged("The blob " + what, "its file does not begin like one");
            }
            byte format = in.get();
            if (format != FORMAT) {
                throw LocalFsErrors.damaged(
                        "The blob " + what, "it has format " + format + ", but this version reads " + FORMAT + " only");
            }
            int length = in.getInt();
            long bodyLength = in.getLong();
            int bodyCrc = in.getInt();
            byte[] path = take(in, Short.toUnsignedInt(in.getShort()));
            byte[] json = take(in, in.getInt());
            int end = in.position();
            if (in.getInt() != RowFrame.crcOf(in.duplicate().position(0).limit(end)) || in.position() != length) {
                throw LocalFsErrors.damaged("The blob " + what, "the checksum of its description does not match");
            }
            BlobId id = BlobId.fromStoragePath(new String(path, StandardCharsets.UTF_8));
            return new BlobFrame(new BlobInfo(id, bodyLength, ObjectMetadata.fromJson(json)), length, bodyCrc);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw LocalFsErrors.damaged("The blob " + what, "its description cannot be decoded", malformed);
        }
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
