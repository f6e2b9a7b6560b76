// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of a client, and the one to the server that belongs to it. */
final class ProxiedConnection {

    /** Small, so that little of what came before a fault is on its way still: the buffers of the system can hold megabytes. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Socket client;
    private final Socket server;
    private final FaultyFlow requests;
    private final FaultyFlow answers;
    private final Set<ProxiedConnection> open;
    private final FaultyFlow.Meter requestMeter = new FaultyFlow.Meter();
    private final FaultyFlow.Meter answerMeter = new FaultyFlow.Meter();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean gone;
    private volatile boolean closing;

    ProxiedConnection(
            Socket client,
            InetSocketAddress target,
            FaultyFlow requests,
            FaultyFlow answers,
            Set<ProxiedConnection> open)
            throws IOException {
        this.client = client;
        this.requests = requests;
        this.answers = answers;
        this.open = open;
        this.server = new Socket();
        try {
            client.setTcpNoDelay(true);
            client.setSendBufferSize(BUFFER_BYTES);
            server.setTcpNoDelay(true);
            server.setReceiveBufferSize(BUFFER_BYTES);
            server.connect(target);
        } catch (IOException refused) {
            abandon(client);
            throw refused;
        }
    }

    void start() {
        open.add(this);
        start("requests", () -> pump(client, server, requests, requestMeter));
        start("answers", () -> pump(server, client, answers, answerMeter));
    }

    static void start(String what, Runnable work) {
        Thread thread = new Thread(work, "terrace-proxy-" + what + "-" + STARTED.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    boolean holds() {
        return requests.holds(requestMeter) || answers.holds(answerMeter);
    }

    /** Ends it in both directions at once; what was under way is lost. */
    void reset() {
        gone = true;
        open.remove(this);
        abandon(client);
        abandon(server);
        requests.wake();
        answers.wake();
    }

    /** Ends it for the client as the server would: it gets what was sent, and then the end. */
    private void end() throws IOException {
        closing = true;
        client.shutdownOutput();
        abandon(server);
    }

    /** A reset would overtake the end, so what the client says still is read until it has said all. */
    private void drain(byte[] buffer) {
        try {
            InputStream in = client.getInputStream();
            while (in.read(buffer) >= 0) {
                // Nobody wants it any more.
            }
        } catch (IOException gone) {
            // The client is.
        }
    }

    private void pump(Socket from, Socket to, FaultyFlow flow, FaultyFlow.Meter meter) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int may = flow.pass(meter, buffer, read, () -> gone);
                out.write(buffer, 0, may);
                out.flush();
                if (may < read && flow.endsInOrder(meter)) {
                    end();
                    return;
                }
                if (may < read) {
                    reset();
                    return;
                }
            }
            to.shutdownOutput();
            if (ended.incrementAndGet() == 2) {
                reset();
            }
        } catch (IOException broken) {
            if (closing && from == client) {
                drain(buffer);
            }
            reset();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private static void abandon(Socket socket) {
        try {
            // A reset instead of an orderly end: nobody takes what came so far for the whole.
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // All the better.
        }
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is not used any more, whatever became of it.
        }
    }
}
