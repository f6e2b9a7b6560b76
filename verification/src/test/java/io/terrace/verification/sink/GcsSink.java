// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.sink;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;

/** Speaks the JSON API of Cloud Storage: a resumable upload, an object's description, its bytes, its deletion. */
public final class GcsSink extends SinkServer {

    private static final java.util.regex.Pattern CONTENT_RANGE =
            java.util.regex.Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final Map<String, Long> received = new ConcurrentHashMap<>();
    private final Map<String, Long> objects = new ConcurrentHashMap<>();

    @Override
    protected void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (path.startsWith("/upload/")) {
            String name = parameter(exchange, "name");
            if (method.equals("POST")) {
                take(exchange);
                String session = address() + path + "?uploadType=resumable&upload_id="
                        + URLEncoder.encode(name, StandardCharsets.UTF_8);
                received.put(name, 0L);
                headers(exchange, "Location", session);
                exchange.sendResponseHeaders(200, -1);
            } else {
                append(exchange, parameter(exchange, "upload_id"));
            }
            return;
        }
        String name = path.contains("/o/")
                ? URLDecoder.decode(path.substring(path.indexOf("/o/") + 3), StandardCharsets.UTF_8)
                : "";
        Long size = objects.get(name);
        if (method.equals("DELETE")) {
            objects.remove(name);
            exchange.sendResponseHeaders(204, -1);
        } else if (path.startsWith("/storage/") && !path.contains("/o/")) {
            text(exchange, 200, "{}");
        } else if (size == null) {
            text(exchange, 404, "{\"error\":{\"code\":404,\"message\":\"absent\"}}");
        } else if ("media".equals(parameter(exchange, "alt"))) {
            headers(exchange, "x-goog-generation", "1", "x-goog-metageneration", "1");
            serve(exchange, size);
        } else {
            describe(exchange, name, size);
        }
    }

    private void append(HttpExchange exchange, String name) throws IOException {
        Matcher range = CONTENT_RANGE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
        if (!range.matches()) {
            text(exchange, 400, "not a range");
            return;
        }
        long position = received.get(name);
        Received chunk = take(exchange);
        if (range.group(1) != null) {
            check(chunk, Long.parseLong(range.group(1)));
            position = Long.parseLong(range.group(1)) + chunk.length();
            received.put(name, position);
        }
        if (range.group(3).equals(String.valueOf(position))) {
            objects.put(name, position);
            describe(exchange, name, position);
        } else {
            if (position > 0) {
                headers(exchange, "Range", "bytes=0-" + (position - 1));
            }
            exchange.sendResponseHeaders(308, -1);
        }
    }

    private static void describe(HttpExchange exchange, String name, long size) throws IOException {
        byte[] crc = ByteBuffer.allocate(4).putInt(Pattern.crc(0, size)).array();
        headers(exchange, "Content-Type", "application/json");
        text(
                exchange,
                200,
                "{\"kind\":\"storage#object\",\"bucket\":\"sink\",\"name\":\"" + name
                        + "\",\"generation\":\"1\",\"metageneration\":\"1\",\"size\":\"" + size + "\",\"crc32c\":\""
                        + Base64.getEncoder().encodeToString(crc)
                        + "\",\"timeCreated\":\"2026-01-01T00:00:00.000Z\",\"etag\":\"e\"}");
    }
}
