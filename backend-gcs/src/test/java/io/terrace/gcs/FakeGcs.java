// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A server that speaks the requests of Google Cloud Storage that this backend makes, in this process. Objects are kept in memory;
 * preconditions are true ones. It counts requests by kind, and faults can be put in their way.
 */
public final class FakeGcs implements AutoCloseable {

    private final FakeObjects objects = new FakeObjects();
    private final FakeSessions sessions = new FakeSessions(objects);
    private final FakeParts parts = new FakeParts(objects);
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private final DisposableServer server;

    /** A fault for the next requests of a kind. */
    private record Plan(String kind, AtomicInteger left, FakeFault fault) {}

    private FakeGcs() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                // Without locks: this is a server, but on threads that must not wait.
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .httpRequestDecoder(limits -> limits.maxHeaderSize(64 << 10).maxInitialLineLength(64 << 10))
                .handle(this::receive)
                .bindNow();
    }

    /** Starts one on a free port. */
    public static FakeGcs start() {
        return new FakeGcs();
    }

    /** What the option {@code endpoint} is set to. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.port();
    }

    /** How many requests have come since the last {@link #resetCounts}, by kind. */
    public synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    public synchronized void resetCounts() {
        counts.clear();
    }

    FakeObjects objects() {
        return objects;
    }

    /** Forgets a bucket, and what is in it or was to be. */
    void drop(String bucket) {
        objects.drop(bucket);
        sessions.drop(bucket);
        parts.drop(bucket);
    }

    FakeParts parts() {
        return parts;
    }

    FakeSessions sessions() {
        return sessions;
    }

    /** The next so many requests of that kind meet the fault. */
    synchronized void plan(String kind, int times, FakeFault fault) {
        plans.add(new Plan(kind, new AtomicInteger(times), fault));
    }

    /** No request meets a fault any more. */
    synchronized void heal() {
        plans.clear();
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    private Publisher<Void> receive(HttpServerRequest request, HttpServerResponse response) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        HttpHeaders received = request.requestHeaders();
        received.forEach(header -> headers.put(header.getKey(), header.getValue()));
        String method = request.method().name();
        String uri = request.uri();
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> {
                    FakeRequest whole = FakeRequest.of(method, uri, headers, body);
                    return Mono.from(answer(whole, kindOf(whole), response));
                });
    }

    private Publisher<Void> answer(FakeRequest request, String kind, HttpServerResponse response) {
        FakeFault fault = count(kind);
        if (fault instanceof FakeFault.Before before) {
            before.event().run();
        } else if (fault instanceof FakeFault.Refuse refuse) {
            return send(FakeAnswer.error(refuse.status(), refuse.reason(), "scripted"), response, -1, true);
        } else if (fault instanceof FakeFault.Drop) {
            return drop(response);
        } else if (fault instanceof FakeFault.Stall) {
            return Mono.never();
        }
        if (fault instanceof FakeFault.Late late) {
            return Mono.delay(late.by())
                    .flatMap(waited -> Mono.from(send(handle(request, kind, Integer.MAX_VALUE), response, -1, true)));
        }
        FakeRequest seen =
                fault instanceof FakeFault.DamageRequest ? request.withBody(damaged(request.body())) : request;
        FakeAnswer answer =
                handle(seen, kind, fault instanceof FakeFault.TakePart part ? part.bytes() : Integer.MAX_VALUE);
        if (fault instanceof FakeFault.ActThenRefuse refuse) {
            return send(FakeAnswer.error(refuse.status(), "backendError", "scripted"), response, -1, true);
        }
        if (fault instanceof FakeFault.ActThenDrop) {
            return drop(response);
        }
        if (fault instanceof FakeFault.Cut cut) {
            return send(answer, response, cut.bytes(), true);
        }
        if (fault instanceof FakeFault.StallAfter stall) {
            return send(answer, response, stall.bytes(), false);
        }
        return send(
                fault instanceof FakeFault.DamageAnswer ? answer.withBody(damaged(answer.body())) : answer,
                response,
                -1,
                true);
    }

    private synchronized FakeFault count(String kind) {
        counts.merge(kind, 1, Integer::sum);
        for (Plan plan : plans) {
            if (plan.kind().equals(kind) && plan.left().get() > 0) {
                plan.left().decrementAndGet();
                return plan.fault();
            }
        }
        return null;
    }

    /** @param cutAt after how many bytes of the body the answer breaks off; -1 for never */
    private static Publisher<Void> send(FakeAnswer answer, HttpServerResponse response, int cutAt, boolean close) {
        answer.headers().forEach(response::header);
        response.status(answer.status()).header("Content-Length", Integer.toString(answer.body().length));
        if (answer.status() == 204 || answer.status() == 304) {
            response.responseHeaders().remove("Content-Length");
            return response.send();
        }
        if (cutAt < 0) {
            return response.sendByteArray(Mono.just(answer.body()));
        }
        Mono<Void> broken = close ? Mono.from(drop(response)) : Mono.never();
        return response.sendByteArray(Mono.just(Arrays.copyOf(answer.body(), Math.min(cutAt, answer.body().length)))
                        .concatWith(broken.then(Mono.never())))
                .then();
    }

    private static Publisher<Void> drop(HttpServerResponse response) {
        return Mono.<Void>never()
                .doOnSubscribe(subscribed -> response.withConnection(
                        connection -> connection.channel().unsafe().closeForcibly()));
    }

    private static byte[] damaged(byte[] bytes) {
        byte[] copy = bytes.clone();
        // Not near an end, where the frame of a request is.
        copy[copy.length / 2] ^= 1;
        return copy;
    }

    private static String kindOf(FakeRequest request) {
        List<String> path = request.path();
        if (path.size() <= 2) {
            return FakeParts.kindOf(request);
        }
        if (path.get(0).equals("upload")) {
            String range = request.header("Content-Range");
            return switch (request.query().getOrDefault("uploadType", "")) {
                case "multipart" -> "insert";
                case "resumable" ->
                    !request.query().containsKey("upload_id")
                            ? "start"
                            : range.startsWith("bytes *") ? "query" : range.endsWith("/*") ? "chunk" : "finish";
                default -> "unknown";
            };
        }
        if (path.size() == 3 && request.method().equals("POST")) {
            return "createBucket";
        }
        if (path.size() == 4 && request.method().equals("DELETE")) {
            return "deleteBucket";
        }
        if (path.size() == 5) {
            return "list";
        }
        return switch (request.method()) {
            case "GET" -> "media".equals(request.query().get("alt")) ? "download" : "describe";
            case "DELETE" -> "delete";
            case "PATCH" -> "patch";
            default -> "unknown";
        };
    }

    private FakeAnswer handle(FakeRequest request, String kind, int most) {
        try {
            if (FakeParts.isKind(kind)) {
                return parts.handle(request, kind);
            }
            List<String> path = new ArrayList<>(request.path());
            if (path.get(0).equals("download") || path.get(0).equals("upload")) {
                path.remove(0);
            }
            // storage, v1, b, the bucket, o, the object
            String bucket = path.size() > 3 ? path.get(3) : "";
            String name = path.size() > 5 ? path.get(5) : "";
            return switch (kind) {
                case "createBucket" ->
                    objects.createBucket(json(request.body()).path("name").asText());
                case "deleteBucket" -> {
                    drop(bucket);
                    yield FakeAnswer.empty(204);
                }
                case "insert" -> insert(bucket, request);
                case "start" -> start(bucket, request);
                case "query", "chunk", "finish" -> sessions.put(request, most);
                case "describe" -> objects.describe(bucket, name, request.query());
                case "download" -> objects.download(bucket, name, request.query(), request.header("Range"));
                case "delete" -> objects.delete(bucket, name, request.query());
                case "patch" -> objects.patch(bucket, name, request.query(), json(request.body()));
                case "list" -> objects.list(bucket, request.query());
                default -> FakeAnswer.error(501, "notImplemented", request.method() + " " + request.path());
            };
        } catch (FakeAnswer.Refusal refused) {
            return refused.answer();
        }
    }

    /** The session is where the client has found the server, which may be behind something. */
    private FakeAnswer start(String bucket, FakeRequest request) {
        JsonNode resource = json(request.body());
        String name = request.query().getOrDefault("name", resource.path("name").asText());
        String id = sessions.start(bucket, name, resource, request.query());
        return FakeAnswer.empty(200)
                .with(
                        "Location",
                        "http://" + request.header("Host") + "/upload/storage/v1/b/" + bucket
                                + "/o?uploadType=resumable&upload_id=" + id);
    }

    private FakeAnswer insert(String bucket, FakeRequest request) {
        Matcher boundary = Pattern.compile("boundary=\"?([^\";]+)\"?").matcher(request.header("Content-Type"));
        if (!boundary.find()) {
            return FakeAnswer.error(400, "badContent", "Missing boundary");
        }
        // One character for each byte.
        String text = new String(request.body(), StandardCharsets.ISO_8859_1);
        String line = "--" + boundary.group(1);
        int resourceAt = text.indexOf("\r\n\r\n") + 4;
        int resourceEnd = text.indexOf("\r\n" + line, resourceAt);
        int mediaAt = text.indexOf("\r\n\r\n", resourceEnd) + 4;
        int mediaEnd = text.lastIndexOf("\r\n" + line + "--");
        if (resourceEnd < 0 || mediaEnd < mediaAt) {
            return FakeAnswer.error(400, "badContent", "Malformed multipart body.");
        }
        JsonNode resource = json(Arrays.copyOfRange(request.body(), resourceAt, resourceEnd));
        byte[] media = Arrays.copyOfRange(request.body(), mediaAt, mediaEnd);
        FakeObject stored = objects.store(bucket, resource.path("name").asText(), resource, media, request.query());
        return FakeAnswer.json(200, stored.describe());
    }

    private static JsonNode json(byte[] text) {
        try {
            return FakeAnswer.JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
