// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import io.terrace.ObjectStore;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.ReactorNetty;
import reactor.netty.http.server.HttpServer;

/** A store in a directory, over HTTP. */
public final class ObjectServer {

    private static final long MAX_BYTES = 1L << 40;

    static {
        // Netty asks for 128 buffers at once unless it is told otherwise: 16 MiB of an object for each client that
        // reads slowly.
        if (System.getProperty(ReactorNetty.REACTOR_NETTY_SEND_MAX_PREFETCH_SIZE) == null) {
            System.setProperty(ReactorNetty.REACTOR_NETTY_SEND_MAX_PREFETCH_SIZE, "4");
        }
    }

    private ObjectServer() {}

    /** Serves the directory that is named first, or {@code data}, on the port that is named second, or 8080. */
    public static void main(String... arguments) {
        Map<String, String> disk = Map.of("path", arguments.length > 0 ? arguments[0] : "data");
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("localfs", disk)
                .longTerm("localfs", disk)
                .changeLog("localfs", disk)
                .build();
        DisposableServer server =
                start(store, HttpServer.create().host("localhost").port(port), MAX_BYTES);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.disposeNow(Duration.ofSeconds(5));
            store.closeLater(Duration.ofSeconds(5)).block();
        }));
        System.out.println("Objects are at http://localhost:" + server.port() + "/objects/");
        server.onDispose().block();
    }

    /**
     * Starts to answer requests. The store stays the caller's.
     *
     * @param http where to listen
     * @param maxBytes how long an object may be
     */
    static DisposableServer start(ObjectStore store, HttpServer http, long maxBytes) {
        HttpHandler handler = WebHttpHandlerBuilder.webHandler(
                        RouterFunctions.toWebHandler(new ObjectRoutes(store, maxBytes).routes()))
                .exceptionHandler(new Problems())
                .build();
        return http.handle(new ReactorHttpHandlerAdapter(handler)).bindNow();
    }
}
