// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A server in a process of its own that speaks as much of S3 and of the JSON API of Cloud Storage as it takes to put and get an
 * object, and keeps none: every object exists, and a number in its name says how many bytes it has. Counts its requests.
 */
final class Sink {

    /** What is asked for the number of requests that came before. */
    static final String COUNT = "/count";

    private static final Pattern SIZE = Pattern.compile("/objects/(\\d+)/");
    private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
    private static final Pattern ENTRIES = Pattern.compile("\"metadata\":(\\{[^}]*})");
    private static final String ETAG = "\"0123456789abcdef0123456789abcdef\"";
    private static final int LARGEST_HEAD = 4096;

    private final AtomicLong requests = new AtomicLong();
    private final Map<Integer, byte[]> bodies = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private volatile String entries = "{}";

    private Sink() {}

    /** Says at which port it listens, and goes when its input ends, so with the process that started it. */
    public static void main(String... arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", new Sink()::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println(server.getAddress().getPort());
        while (System.in.read() >= 0) {
            // Nothing is ever said.
        }
        System.exit(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
            if (path.equals(COUNT)) {
                answer(exchange, Long.toString(requests.get()).getBytes(StandardCharsets.UTF_8));
                return;
            }
            requests.incrementAndGet();
            if (path.startsWith("/upload/")) {
                insert(exchange);
            } else if (exchange.getRequestMethod().equals("PUT")) {
                put(exchange);
            } else if (!path.contains("/o/")) {
                get(exchange, path);
            } else if (exchange.getRequestURI().getQuery().contains("alt=media")) {
                answer(exchange, body(path));
            } else {
                describe(exchange, path.substring(path.indexOf("/o/") + 3));
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    /** S3: PutObject. What it says of the object is said again by each get. */
    private void put(HttpExchange exchange) throws IOException {
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-terrace-metadata")) {
                headers.put(name, values.get(0));
            }
        });
        skip(exchange);
        with(exchange, "ETag", ETAG);
        exchange.sendResponseHeaders(200, -1);
    }

    /** S3: GetObject. */
    private void get(HttpExchange exchange, String path) throws IOException {
        byte[] body = body(path);
        headers.forEach((name, value) -> with(exchange, name, value));
        with(exchange, "ETag", ETAG);
        with(exchange, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        with(exchange, "Content-Type", "application/octet-stream");
        with(exchange, "x-amz-checksum-crc32c", crc(body));
        with(exchange, "x-amz-checksum-type", "FULL_OBJECT");
        answer(exchange, body);
    }

    /** Cloud Storage: a description and the bytes in one request. */
    private void insert(HttpExchange exchange) throws IOException {
        String head = new String(exchange.getRequestBody().readNBytes(LARGEST_HEAD), StandardCharsets.UTF_8);
        skip(exchange);
        matched(ENTRIES, head, (matcher, found) -> entries = found);
        Matcher name = NAME.matcher(head);
        if (!name.find()) {
            throw new IllegalStateException("no name in " + head);
        }
        describe(exchange, name.group(1));
    }

    private void describe(HttpExchange exchange, String name) throws IOException {
        byte[] body = body(name);
        with(exchange, "Content-Type", "application/json; charset=UTF-8");
        answer(
                exchange,
                ("{\"kind\":\"storage#object\",\"bucket\":\"bench\",\"name\":\"" + name
                                + "\",\"generation\":\"1\",\"metageneration\":\"1\",\"size\":\"" + body.length
                                + "\",\"crc32c\":\"" + crc(body)
                                + "\",\"contentType\":\"application/octet-stream\",\"metadata\":" + entries
                                + ",\"timeCreated\":\"2026-01-01T00:00:00.000Z\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void matched(Pattern pattern, String text, BiConsumer<Matcher, String> then) {
        Matcher matcher = pattern.matcher(text);
        if (matcher.find()) {
            then.accept(matcher, matcher.group(1));
        }
    }

    private byte[] body(String name) {
        Matcher size = SIZE.matcher(name);
        if (!size.find()) {
            throw new IllegalStateException("no size in " + name);
        }
        return bodies.computeIfAbsent(Integer.valueOf(size.group(1)), Sink::noise);
    }

    /** So many bytes, always the same. */
    static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    private static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static void skip(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[64 << 10];
        while (exchange.getRequestBody().read(buffer) >= 0) {
            // Nobody wants it.
        }
    }

    private static void with(HttpExchange exchange, String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
