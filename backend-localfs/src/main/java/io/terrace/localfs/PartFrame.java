// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.PartInfo;
import io.terrace.spi.RowFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HexFormat;

/**
 * What stands before the bytes in the file of a part.
 *
 * <pre>
 * offset bytes
 *      0     4  "TPRT"
 *      4     1  format, 1
 *      5     4  number
 *      9     8  length of the bytes
 *     17     4  CRC32C of the bytes
 *     21     8  when they were stored, microseconds since the epoch
 *     29    16  MD5 of the bytes, which is the ETag
 *     45     4  CRC32C of all bytes before
 * </pre>
 *
 * @param info what the part is
 * @param crc the CRC32C of its bytes
 */
record PartFrame(PartInfo info, int crc) {

    static final int BYTES = 49;

    private static final int MAGIC = 0x54505254;
    private static final byte FORMAT = 1;
    private static final int ETAG_BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC).put(FORMAT).putInt(info.number()).putLong(info.size()).putInt(crc);
        out.putLong(info.modifiedMicros()).put(HEX.parseHex(info.etag()));
        out.putInt(RowFrame.crcOf(out.duplicate().flip()));
        return out.flip();
    }

    /** Reads the frame of an open file and checks that the file has the length that it says. */
    static PartFrame read(FileChannel channel, String what) throws IOException {
        ByteBuffer in = RowFile.readAt(channel, 0, BYTES);
        if (in.remaining() < BYTES
                || in.getInt(0) != MAGIC
                || in.get(4) != FORMAT
                || in.getInt(BYTES - 4) != RowFrame.crcOf(in.duplicate().limit(BYTES - 4))) {
            throw LocalFsErrors.damaged("The " + what, "its file does not begin like one of format " + FORMAT);
        }
        byte[] etag = new byte[ETAG_BYTES];
        in.get(29, etag);
        PartFrame frame = new PartFrame(
                new PartInfo(in.getInt(5), HEX.formatHex(etag), in.getLong(9), in.getLong(21)), in.getInt(17));
        if (channel.size() != BYTES + frame.info.size()) {
            throw LocalFsErrors.damaged(
                    "The " + what,
                    "its file has " + channel.size() + " bytes instead of " + (BYTES + frame.info.size()));
        }
        return frame;
    }
}
