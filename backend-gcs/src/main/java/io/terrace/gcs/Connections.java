// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one instance, which knows what request each call of it waits for. A thread that waits for a server can be
 * woken by nothing but the end of its connection: the client has no timeout for bytes that nobody takes.
 *
 * <p>Nothing is repeated here, as the JDK's own client does behind everybody's back, and redirects and compression are left to
 * the client above.
 */
@SuppressWarnings("deprecation") // two methods of the class that is extended, which nobody calls
final class Connections extends CloseableHttpClient {

    private static final ThreadLocal<@Nullable Lease> CURRENT = new ThreadLocal<>();

    private final CloseableHttpClient client;

    /** @param read also for the handshake of TLS */
    Connections(Duration read) {
        // As many as are wanted: calls are bounded by their threads, bodies by whoever holds them.
        this.client = HttpClientBuilder.create()
                .useSystemProperties()
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(Math.toIntExact(read.toMillis()))
                        .setTcpNoDelay(true)
                        .build())
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    @Override
    protected CloseableHttpResponse doExecute(HttpHost target, HttpRequest request, @Nullable HttpContext context)
            throws IOException {
        Lease lease = CURRENT.get();
        if (lease != null && request instanceof HttpUriRequest abortable) {
            lease.take(abortable);
        }
        return client.execute(target, request, context);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    @Override
    @Deprecated
    public HttpParams getParams() {
        return client.getParams();
    }

    @Override
    @Deprecated
    public ClientConnectionManager getConnectionManager() {
        return client.getConnectionManager();
    }

    /** The request that this thread made last for its call; {@code null} if it made none, or the client is somebody else's. */
    static @Nullable HttpUriRequest lastRequest() {
        Lease lease = CURRENT.get();
        return lease == null ? null : lease.request.get();
    }

    /** What one call waits for. */
    static final class Lease {

        private final AtomicReference<@Nullable HttpUriRequest> request = new AtomicReference<>();
        private final AtomicBoolean cut = new AtomicBoolean();

        private volatile boolean begun;

        /** This thread works for the call, until {@link #end}. */
        void begin() {
            CURRENT.set(this);
            begun = true;
        }

        boolean isBegun() {
            return begun;
        }

        void end() {
            begun = false;
            CURRENT.remove();
            request.set(null);
        }

        /** Ends the connection that is waited for, and every further one. */
        void cut() {
            cut.set(true);
            HttpUriRequest current = request.get();
            if (current != null) {
                current.abort();
            }
        }

        private void take(HttpUriRequest next) throws IOException {
            request.set(next);
            if (cut.get()) {
                throw new IOException("the call was given up");
            }
        }
    }
}
