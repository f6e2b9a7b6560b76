// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.sink;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.zip.CRC32C;

/**
 * Takes objects of any size and keeps only how long they are and their checksum: what it is sent must be the {@link Pattern}, and
 * that is what it serves. Speaks as much of one store's protocol as it takes to put, get and delete one object.
 */
public abstract class SinkServer implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;
    private static final java.util.regex.Pattern RANGE = java.util.regex.Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** What came in one request. */
    record Received(long length, int crc) {}

    SinkServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public final String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    protected abstract void answer(HttpExchange exchange) throws IOException;

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        } catch (RuntimeException failed) {
            failed.printStackTrace();
            text(exchange, 500, failed.toString());
        }
    }

    /** Reads the body of a request to its end. */
    static Received take(HttpExchange exchange) throws IOException {
        CRC32C crc = new CRC32C();
        long length = 0;
        byte[] buffer = new byte[BUFFER];
        InputStream in = exchange.getRequestBody();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            crc.update(buffer, 0, read);
            length += read;
        }
        return new Received(length, (int) crc.getValue());
    }

    /** @throws IllegalStateException if what came is not the pattern from that position on */
    static void check(Received received, long position) {
        if (received.crc() != Pattern.crc(position, received.length())) {
            throw new IllegalStateException(
                    "the " + received.length() + " bytes from " + position + " on are not those that were sent");
        }
    }

    /** Answers with the range that was asked for, or with all. */
    static void serve(HttpExchange exchange, long size) throws IOException {
        String asked = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(asked == null ? "" : asked);
        long first = 0;
        long last = size - 1;
        int status = 200;
        if (range.matches()) {
            first = Long.parseLong(range.group(1));
            last = range.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(range.group(2)));
            exchange.getResponseHeaders().set("Content-Range", "bytes " + first + "-" + last + "/" + size);
            status = 206;
        }
        exchange.sendResponseHeaders(status, last - first + 1);
        OutputStream out = exchange.getResponseBody();
        for (long at = first; at <= last; at += BUFFER) {
            ByteBuffer bytes = Pattern.at(at, (int) Math.min(BUFFER, last - at + 1));
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    }

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static void headers(HttpExchange exchange, String... namesAndValues) {
        Headers headers = exchange.getResponseHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.set(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** A parameter of the query, or {@code null}. */
    static String parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getQuery();
        for (String pair : (query == null ? "" : query).split("&")) {
            if (pair.equals(name) || pair.startsWith(name + "=")) {
                return pair.substring(Math.min(pair.length(), name.length() + 1));
            }
        }
        return null;
    }
}
