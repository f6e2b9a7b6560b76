// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that does what the requests say, one after the other on each connection. */
final class RemoteServer implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Desk desk = new Desk();

    RemoteServer() {
        try {
            listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
    }

    Desk desk() {
        return desk;
    }

    @Override
    public void close() {
        quietly(listening);
        open.forEach(RemoteServer::quietly);
    }

    static void quietly(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception ignored) {
            // It is not used any more, whatever became of it.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "remote-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                start(() -> serve(client));
            } catch (IOException closed) {
                // Closed, which the condition says, or a client that was gone before it was there.
            }
        }
        open.forEach(RemoteServer::quietly);
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
            while (true) {
                Frame request = Frame.read(in, true);
                Desk.Job job = desk.take(request.token());
                if (job == null) {
                    return;
                }
                answer(request.token(), job.act(request.bytes()), out);
            }
        } catch (IOException gone) {
            // The client is, or what it sent makes no sense: nothing of it was done.
        } finally {
            open.remove(client);
        }
    }

    private static void answer(long token, Answer answer, DataOutputStream out) throws IOException {
        new Frame(token, answer.bytes()).write(out, true);
        List<byte[]> body = answer.body();
        if (body != null) {
            for (byte[] piece : body) {
                new Frame(token, piece).write(out, true);
            }
            new Frame(token, Frame.NO_BYTES).write(out, true);
        }
    }
}
