// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.wire;

import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/** One attempt: takes a connection, writes, reads, and gives it back. Whoever cancels it closes the connection. */
final class RemoteCall implements Runnable, Disposable {

    private final RemoteCalls calls;
    private final Flaw flaw;
    private final RemoteConnections connections;
    private final Desk.Job job;
    private final byte[] request;
    private final boolean writes;
    private final MonoSink<Reply> sink;
    private @Nullable RemoteConnection used;
    private boolean cancelled;
    private boolean answered;
    private volatile boolean sent;
    private volatile boolean late;

    RemoteCall(RemoteCalls calls, Desk.Job job, byte[] request, boolean writes, MonoSink<Reply> sink) {
        this.calls = calls;
        this.flaw = calls.flaw();
        this.connections = calls.connections();
        this.job = job;
        this.request = request;
        this.writes = writes;
        this.sink = sink;
    }

    @Override
    public void run() {
        if (isDisposed()) {
            return;
        }
        try {
            RemoteConnection connection = connections.take();
            if (!use(connection)) {
                connections.drop(connection);
                return;
            }
            Disposable timer = TerraceRuntime.system()
                    .timers()
                    .schedule(this::expire, calls.timeoutMillis(), TimeUnit.MILLISECONDS);
            try {
                exchange(connection);
            } finally {
                timer.dispose();
            }
        } catch (CutException cut) {
            boolean taken =
                    flaw == Flaw.ROW_IN_PART_IS_SHORT || (flaw == Flaw.END_IS_TAKEN_FOR_THE_WHOLE && cut.isEnd());
            if (!writes && taken) {
                sink.success(new Reply(job.token(), job.value(), cut.bytes(), null));
            } else {
                fail(cut);
            }
        } catch (IOException broken) {
            fail(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            fail(new IOException(interrupted));
        }
    }

    private void exchange(RemoteConnection connection) throws IOException {
        sent = true;
        connection.write(new Frame(job.token(), request), flaw != Flaw.UPLOADS_UNCHECKED);
        byte[] bytes =
                connection.read(job.token(), flaw != Flaw.READS_UNCHECKED).bytes();
        boolean body = job.hasBody();
        if (isAnswered() && !body && release() == connection) {
            connections.give(connection);
        }
        try {
            sink.success(new Reply(job.token(), job.value(), bytes, body ? connection : null));
        } catch (RuntimeException refused) {
            sink.error(refused);
        }
    }

    /** The connection is the call's, until it is cancelled or has its answer. */
    private synchronized boolean use(RemoteConnection connection) {
        if (!cancelled) {
            used = connection;
        }
        return !cancelled;
    }

    private synchronized @Nullable RemoteConnection release() {
        RemoteConnection connection = used;
        used = null;
        return connection;
    }

    /** Nothing happens to the connection any more because of the time. */
    private synchronized boolean isAnswered() {
        answered = true;
        return used != null;
    }

    private void expire() {
        RemoteConnection connection;
        synchronized (this) {
            if (answered) {
                return;
            }
            late = true;
            connection = release();
        }
        if (connection != null) {
            connections.drop(connection);
        }
    }

    private void fail(IOException failed) {
        RemoteConnection connection = release();
        if (connection != null && flaw == Flaw.BREAK_LEAKS) {
            connections.leak(connection);
        } else if (connection != null) {
            connections.drop(connection);
        }
        if (!isDisposed()) {
            sink.error(errorOf(failed));
        }
    }

    private Throwable errorOf(IOException failed) {
        boolean timeout = late || failed instanceof SocketTimeoutException;
        if (timeout && flaw == Flaw.TIMEOUT_IS_NO_ERROR_OF_OURS) {
            return new TimeoutException();
        }
        String what = timeout ? "No answer in time" : "The connection broke: " + failed.getMessage();
        return writes && sent ? RemoteCalls.unknown(what, failed) : RemoteCalls.unavailable(what, failed);
    }

    @Override
    public void dispose() {
        RemoteConnection connection;
        synchronized (this) {
            cancelled = true;
            connection = release();
        }
        if (connection == null || flaw == Flaw.CANCEL_LEAKS) {
            return;
        }
        if (flaw == Flaw.CANCEL_LEAVES_OPEN) {
            connections.abandon(connection);
        } else {
            connections.drop(connection);
        }
    }

    @Override
    public synchronized boolean isDisposed() {
        return cancelled;
    }
}
