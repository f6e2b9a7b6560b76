// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What crosses the wire, either way: which call it belongs to, and as many bytes as it really has.
 *
 * @param token names the call; what it is about does not cross the wire, since both ends are in one process
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares frames
record Frame(long token, byte[] bytes) {

    static final byte[] NO_BYTES = {};
    private static final int MOST_BYTES = 32 << 20;
    /** Of a frame that is not to be checked. */
    private static final int NO_CHECK = 0;

    void write(DataOutputStream out, boolean checked) throws IOException {
        out.writeLong(token);
        out.writeInt(bytes.length);
        out.writeInt(checked ? check() : NO_CHECK);
        out.write(bytes);
        out.flush();
    }

    static Frame read(DataInputStream in, boolean checked) throws IOException {
        long token = in.readLong();
        int length = in.readInt();
        int check = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        int read = 0;
        try {
            while (read < length) {
                int more = in.read(bytes, read, length - read);
                if (more < 0) {
                    throw new EOFException();
                }
                read += more;
            }
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (IOException broken) {
            throw new CutException(Arrays.copyOf(bytes, read), broken);
        }
        Frame frame = new Frame(token, bytes);
        if (checked && check != NO_CHECK && check != frame.check()) {
            throw new IOException("the frame was changed on its way");
        }
        return frame;
    }

    private int check() {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putLong(token).putInt(bytes.length).flip());
        crc.update(bytes);
        return (int) crc.getValue() | 1;
    }
}
