// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay between a client and its server that breaks connections on command: it holds back what comes, cuts a connection
 * after some bytes, or loses an answer after the server has acted.
 *
 * <pre>{@code
 * try (var proxy = FaultyTcpProxy.to(server)) {
 *     var client = connect(proxy.address());
 *     proxy.holdAnswers();
 *     var call = client.write().toFuture();
 *     // ... wait until the server has acted, seen by a client that does not go through the proxy ...
 *     proxy.loseHeld();                  // the answer is gone, the connection is reset, and all else flows again
 *     // ... the call ended, and not with "nothing happened" ...
 * }
 * }</pre>
 *
 * <p>It knows bytes, not requests, so it does for every protocol. Thread-safe. Has two threads for each connection, and is for
 * tests only.
 */
public final class FaultyTcpProxy implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final InetSocketAddress server;
    private final ServerSocket listening;
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final FaultyFlow requests = new FaultyFlow();
    private final FaultyFlow answers = new FaultyFlow();

    private FaultyTcpProxy(InetSocketAddress server) {
        this.server = server;
        try {
            listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ProxiedConnection.start("accept", this::accept);
    }

    /** A proxy that lets everything through, for now. */
    public static FaultyTcpProxy to(InetSocketAddress server) {
        return new FaultyTcpProxy(server);
    }

    /** Where clients connect to. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
    }

    /** Lets everything through again, what was held back included. */
    public void flow() {
        requests.flow();
        answers.flow();
    }

    /** Holds back what the server sends from now on. The server gets all requests, and acts. */
    public void holdAnswers() {
        answers.hold();
    }

    /** Holds back what clients send from now on. The server gets nothing more. */
    public void holdRequests() {
        requests.hold();
    }

    /** Whether something is held back now. */
    public boolean holds() {
        return open.stream().anyMatch(ProxiedConnection::holds);
    }

    /** Resets each connection that has something held back, loses that, and lets everything through again. */
    public void loseHeld() {
        open.stream().filter(ProxiedConnection::holds).forEach(ProxiedConnection::reset);
        flow();
    }

    /**
     * Passes on that many bytes more of what the server sends on a connection, and resets it at the next one; so many
     * connections, then no more.
     */
    public void cutAnswersAfter(long bytes, int times) {
        answers.cutAfter(bytes, times, false);
    }

    /** The same for what clients send: the server gets that many bytes, and nothing after them. */
    public void cutRequestsAfter(long bytes, int times) {
        requests.cutAfter(bytes, times, false);
    }

    /**
     * As {@link #cutAnswersAfter}, but the connection is closed as a server closes it that has nothing more to say: what it had
     * sent arrives, and then the end.
     */
    public void endAnswersAfter(long bytes, int times) {
        answers.cutAfter(bytes, times, true);
    }

    /** How many connections a limit has ended so far. */
    public int cuts() {
        return requests.made() + answers.made();
    }

    /** Changes one bit of what the server sends, after that many bytes, over all connections. */
    public void changeAnswersAfter(long bytes) {
        answers.changeAfter(bytes);
    }

    /** The same for what clients send. */
    public void changeRequestsAfter(long bytes) {
        requests.changeAfter(bytes);
    }

    /** Resets all connections there are. New ones are taken. */
    public void reset() {
        open.forEach(ProxiedConnection::reset);
    }

    /** How many connections there are now. */
    public int connections() {
        return open.size();
    }

    /** How many connections there ever were. */
    public int accepted() {
        return accepted.get();
    }

    /** How many bytes clients have sent on. */
    public long requestBytes() {
        return requests.passed();
    }

    /** How many bytes clients have got. */
    public long answerBytes() {
        return answers.passed();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException ignored) {
            // It is not used any more, whatever became of it.
        }
        reset();
        flow();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                accepted.incrementAndGet();
                new ProxiedConnection(client, server, requests, answers, open).start();
            } catch (IOException closed) {
                // Closed, which the condition says, or a client that was gone before it was there.
            }
        }
    }
}
