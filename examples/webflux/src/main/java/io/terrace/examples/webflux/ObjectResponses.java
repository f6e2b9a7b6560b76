// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.terrace.ByteRange;
import io.terrace.ContentRange;
import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectStore;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.StoredObject;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * Answers to {@code GET} and {@code HEAD}: whole and in part, and nothing to somebody who has the object already.
 *
 * <p>An object is opened when its answer is written, and released when that has ended, failed, or the client has gone: it
 * cannot leak. Errors of the store, and a {@link ResponseStatusException} for what is absent or not as required, come before
 * anything was written, unless the body itself breaks; the connection is then closed, so that the client notices.
 */
public final class ObjectResponses {

    private final ObjectStore store;
    private final ObjectId id;
    private final Conditions conditions;
    private final ServerHttpResponse response;

    private ObjectResponses(ObjectStore store, ObjectId id, Conditions conditions, ServerHttpResponse response) {
        this.store = store;
        this.id = id;
        this.conditions = conditions;
        this.response = response;
    }

    /** The answer to a request for an object. */
    public static Mono<ServerResponse> ok(ObjectStore store, ObjectId id, ServerRequest request) {
        Conditions conditions = Conditions.of(request.headers().asHttpHeaders());
        boolean head = request.method().equals(HttpMethod.HEAD);
        return ServerResponse.ok().build((exchange, context) -> {
            var answer = new ObjectResponses(store, id, conditions, exchange.getResponse());
            return head || conditions.needEtag() ? answer.decide(head) : answer.send(conditions.range(), null);
        });
    }

    private Mono<Void> decide(boolean head) {
        return store.head(id).switchIfEmpty(Mono.error(this::absent)).flatMap(info -> {
            String etag = info.etag();
            if (conditions.isFailed(etag)) {
                return Mono.error(new ResponseStatusException(
                        HttpStatus.PRECONDITION_FAILED,
                        "The object has the etag " + Conditions.quoted(etag) + " now."));
            }
            if (conditions.isNotModified(etag)) {
                response.setStatusCode(HttpStatus.NOT_MODIFIED);
                response.getHeaders().setETag(Conditions.quoted(etag));
                return response.setComplete();
            }
            if (head) {
                describe(info, null);
                return response.setComplete();
            }
            ByteRange range = conditions.rangeOf(etag);
            if (range == null || conditions.ifRange() == null) {
                return send(range, null);
            }
            // From here on, what does not fit is another object: it is sent whole.
            range.resolve(info.size());
            return send(range, etag).onErrorResume(ObjectResponses::isReplaced, replaced -> send(null, null));
        });
    }

    /** @param required the etag that a part must have; {@code null} for any */
    private Mono<Void> send(@Nullable ByteRange range, @Nullable String required) {
        GetOptions options = range == null ? GetOptions.all() : GetOptions.range(range);
        return store.withObject(id, options, object -> write(object, required).thenReturn(object))
                .switchIfEmpty(Mono.error(this::absent))
                .then();
    }

    private Mono<Void> write(StoredObject object, @Nullable String required) {
        if (required != null && !required.equals(object.info().etag())) {
            return Mono.error(new Replaced());
        }
        describe(object.info(), object.range());
        return response.writeWith(DataBuffers.of(object.body(), response.bufferFactory()));
    }

    private void describe(ObjectInfo info, @Nullable ContentRange range) {
        ObjectMetadata metadata = info.metadata();
        HttpHeaders headers = response.getHeaders();
        headers.setETag(Conditions.quoted(info.etag()));
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        headers.set(HttpHeaders.CONTENT_TYPE, metadata.contentType());
        headers.setContentLength(range == null ? info.size() : range.length());
        if (metadata.compression() != null) {
            headers.set(HttpHeaders.CONTENT_ENCODING, metadata.compression().toString());
        }
        if (metadata.filename() != null) {
            headers.setContentDisposition(ContentDisposition.attachment()
                    .filename(metadata.filename(), UTF_8)
                    .build());
        }
        if (range != null) {
            response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
            headers.set(HttpHeaders.CONTENT_RANGE, range.headerValue());
        }
    }

    private ResponseStatusException absent() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no object '" + id.key() + "'.");
    }

    private static boolean isReplaced(Throwable error) {
        return error instanceof Replaced || error instanceof RangeNotSatisfiableException;
    }

    /** The object that was described is not the one that was opened. */
    private static final class Replaced extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
