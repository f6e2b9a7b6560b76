// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.sink;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks S3, without looking at signatures. */
public final class S3Sink extends SinkServer {

    private static final String ETAG = "\"0123456789abcdef\"";

    private final Map<String, Long> objects = new ConcurrentHashMap<>();
    private final Map<String, Map<Integer, Received>> uploads = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> metadata = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();

    @Override
    protected void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String upload = parameter(exchange, "uploadId");
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                take(exchange);
                if (upload == null) {
                    start(exchange, path);
                } else {
                    complete(exchange, path, upload);
                }
            }
            case "PUT" -> put(exchange, path, upload);
            case "DELETE" -> {
                objects.remove(path);
                exchange.sendResponseHeaders(204, -1);
            }
            case "HEAD", "GET" -> read(exchange, path);
            default -> exchange.sendResponseHeaders(405, -1);
        }
    }

    private void start(HttpExchange exchange, String path) throws IOException {
        String id = "upload-" + started.incrementAndGet();
        uploads.put(id, new ConcurrentSkipListMap<>());
        keepMetadata(exchange, path);
        text(
                exchange,
                200,
                "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
    }

    private void put(HttpExchange exchange, String path, String upload) throws IOException {
        Received received = take(exchange);
        if (upload == null) {
            check(received, 0);
            keepMetadata(exchange, path);
            objects.put(path, received.length());
        } else {
            uploads.get(upload).put(Integer.valueOf(parameter(exchange, "partNumber")), received);
        }
        headers(exchange, "ETag", ETAG);
        exchange.sendResponseHeaders(200, -1);
    }

    private void complete(HttpExchange exchange, String path, String upload) throws IOException {
        long position = 0;
        for (Received part : uploads.remove(upload).values()) {
            check(part, position);
            position += part.length();
        }
        objects.put(path, position);
        text(
                exchange,
                200,
                "<CompleteMultipartUploadResult><ETag>" + ETAG.replace("\"", "&quot;")
                        + "</ETag></CompleteMultipartUploadResult>");
    }

    private void read(HttpExchange exchange, String path) throws IOException {
        Long size = objects.get(path);
        if (size == null) {
            boolean bucket = path.indexOf('/', 1) < 0;
            exchange.sendResponseHeaders(bucket ? 200 : 404, -1);
            return;
        }
        metadata.get(path).forEach((name, value) -> headers(exchange, name, value));
        headers(exchange, "ETag", ETAG, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers(exchange, "Content-Length", String.valueOf(size));
            exchange.sendResponseHeaders(200, -1);
        } else {
            serve(exchange, size);
        }
    }

    private void keepMetadata(HttpExchange exchange, String path) {
        Map<String, String> kept = new ConcurrentHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-")) {
                kept.put(name, values.get(0));
            }
        });
        metadata.put(path, kept);
    }
}
