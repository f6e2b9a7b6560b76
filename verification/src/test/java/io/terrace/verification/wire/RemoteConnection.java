// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection to the server, used by one call at a time. */
final class RemoteConnection {

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;
    private final AtomicBoolean dropped = new AtomicBoolean();

    RemoteConnection(InetSocketAddress server, int timeoutMillis) throws IOException {
        try {
            socket.connect(server, timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        } catch (IOException refused) {
            close();
            throw refused;
        }
    }

    void write(Frame frame, boolean checked) throws IOException {
        frame.write(out, checked);
    }

    /** The next frame, which must be of that call. */
    Frame read(long token, boolean checked) throws IOException {
        Frame frame = Frame.read(in, checked);
        if (frame.token() != token) {
            throw new IOException("the answer to another call");
        }
        return frame;
    }

    void close() {
        RemoteServer.quietly(socket);
    }

    /** Whether this is the first time. */
    boolean drop() {
        return dropped.compareAndSet(false, true);
    }
}
