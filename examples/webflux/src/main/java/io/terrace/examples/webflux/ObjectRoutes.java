// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.terrace.Compression;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.Payload;
import io.terrace.Precondition;
import io.terrace.PutOptions;
import io.terrace.TooLargeException;
import io.terrace.examples.webflux.UploadProgress.Progress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Objects under {@code /objects}, and how far uploads are under {@code /progress}. */
final class ObjectRoutes {

    /** The header in which a client gives an upload the name that it is watched by. */
    static final String UPLOAD = "Upload-Name";

    private static final ObjectContext FILES = ObjectContext.of("files");

    private final ObjectStore store;
    private final long maxBytes;
    private final UploadProgress uploads = new UploadProgress();

    /** @param maxBytes how long an object may be */
    ObjectRoutes(ObjectStore store, long maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    RouterFunction<ServerResponse> routes() {
        return route().PUT("/objects/{*key}", this::put)
                .GET("/objects/{*key}", request -> ObjectResponses.ok(store, id(request), request))
                .HEAD("/objects/{*key}", request -> ObjectResponses.ok(store, id(request), request))
                .DELETE("/objects/{*key}", this::delete)
                .GET("/progress/{upload}", this::progress)
                .build();
    }

    private Mono<ServerResponse> put(ServerRequest request) {
        ObjectId id = id(request);
        HttpHeaders headers = request.headers().asHttpHeaders();
        ObjectMetadata metadata = metadata(headers);
        Precondition precondition = Conditions.of(headers).precondition();
        Payload payload = payload(request);
        return isThere(id, precondition).flatMap(there -> store.put(id, metadata, payload, new PutOptions(precondition))
                .flatMap(info -> stored(request, info, there)));
    }

    /** Without a condition only as it was before the upload; whoever must know says {@code If-None-Match: *}. */
    private Mono<Boolean> isThere(ObjectId id, Precondition precondition) {
        return precondition.fold(() -> store.head(id).hasElement(), () -> Mono.just(false), etag -> Mono.just(true));
    }

    private static Mono<ServerResponse> stored(ServerRequest request, ObjectInfo info, boolean replaced) {
        return (replaced ? ServerResponse.noContent() : ServerResponse.created(request.uri()))
                .eTag(info.etag())
                .build();
    }

    private Mono<ServerResponse> delete(ServerRequest request) {
        Precondition precondition =
                Conditions.of(request.headers().asHttpHeaders()).precondition();
        return store.delete(id(request), precondition)
                .then(ServerResponse.noContent().build());
    }

    private Mono<ServerResponse> progress(ServerRequest request) {
        Flux<Progress> progress = uploads.watch(request.pathVariable("upload"));
        return progress.take(1)
                .next()
                .flatMap(first -> ServerResponse.ok()
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .body(progress, Progress.class))
                .switchIfEmpty(Mono.error(
                        new ResponseStatusException(HttpStatus.NOT_FOUND, "No upload of this name is under way.")));
    }

    private Payload payload(ServerRequest request) {
        long announced = request.headers().contentLength().orElse(Payload.UNKNOWN);
        if (announced > maxBytes) {
            throw tooLarge();
        }
        Payload body = limited(DataBuffers.toPayload(request.body(BodyExtractors.toDataBuffers())));
        Payload payload = announced == Payload.UNKNOWN ? body : body.contentLength(announced);
        String name = request.headers().firstHeader(UPLOAD);
        return name == null ? payload : uploads.track(name, payload);
    }

    /** Refuses what turns out to be too long when it has come too far. */
    private Payload limited(Payload payload) {
        return Payload.from(Flux.defer(() -> {
            long[] length = {0};
            return payload.body().<ByteBuffer>handle((bytes, sink) -> {
                length[0] += bytes.remaining();
                if (length[0] > maxBytes) {
                    sink.error(tooLarge());
                } else {
                    sink.next(bytes);
                }
            });
        }));
    }

    private TooLargeException tooLarge() {
        return new TooLargeException("An object may have " + maxBytes + " bytes here. Send a shorter one.");
    }

    private static ObjectMetadata metadata(HttpHeaders headers) {
        ObjectMetadata.Builder metadata = ObjectMetadata.builder()
                .filename(headers.getContentDisposition().getFilename());
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            metadata.contentType(type);
        }
        String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
        return metadata.compression(compression(encoding)).build();
    }

    private static @Nullable Compression compression(@Nullable String encoding) {
        return encoding == null ? null : Compression.parse(encoding);
    }

    private static ObjectId id(ServerRequest request) {
        // What {*key} captures begins with the slash before the key.
        String path = request.pathVariable("key");
        return ObjectId.of(FILES, path.isEmpty() ? path : path.substring(1));
    }
}
