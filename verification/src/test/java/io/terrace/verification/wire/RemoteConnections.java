// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bounded pool of connections. What is taken is given back whole, or dropped. */
final class RemoteConnections {

    static final int MOST = 16;

    private final InetSocketAddress server;
    private final Flaw flaw;
    private final int timeoutMillis;
    private final Semaphore free = new Semaphore(MOST);
    private final Deque<RemoteConnection> idle = new ConcurrentLinkedDeque<>();
    private final Set<RemoteConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    RemoteConnections(InetSocketAddress server, Flaw flaw, int timeoutMillis) {
        this.server = server;
        this.flaw = flaw;
        this.timeoutMillis = timeoutMillis;
    }

    /** One that nobody uses, or a new one. Waits if there are as many as there may be. */
    RemoteConnection take() throws IOException, InterruptedException {
        // Of a pool that leaks, each call would have to wait in vain.
        long patience = flaw == Flaw.BREAK_LEAKS || flaw == Flaw.DISCARD_LEAKS ? 0 : timeoutMillis;
        if (!free.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
            throw new IOException("all connections are in use");
        }
        RemoteConnection connection = idle.pollFirst();
        try {
            if (connection == null) {
                connection = new RemoteConnection(server, timeoutMillis);
                open.add(connection);
            }
        } finally {
            if (connection == null) {
                free.release();
            }
        }
        if (closed) {
            drop(connection);
            throw new IOException("closed");
        }
        return connection;
    }

    void give(RemoteConnection connection) {
        idle.addFirst(connection);
        free.release();
        if (closed) {
            closeAll();
        }
    }

    /** Of a connection that broke, or that has an answer under way that nobody waits for. */
    void drop(RemoteConnection connection) {
        if (connection.drop()) {
            connection.close();
            open.remove(connection);
            free.release();
        }
    }

    /** What a pool does that counts wrongly. */
    void leak(RemoteConnection connection) {
        connection.close();
        open.remove(connection);
    }

    /** What a pool does that lets others connect, but does not close. */
    void abandon(RemoteConnection connection) {
        if (connection.drop()) {
            free.release();
        }
    }

    void close() {
        closed = true;
        if (flaw != Flaw.CLOSE_LEAVES_IDLE) {
            closeAll();
        }
    }

    /** For a test that is over, whatever was wrong. */
    void closeAll() {
        open.forEach(RemoteConnection::close);
    }
}
