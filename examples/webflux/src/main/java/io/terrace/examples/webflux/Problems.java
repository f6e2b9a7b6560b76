// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import io.terrace.ClientPayloadException;
import io.terrace.Determinacy;
import io.terrace.InvalidMetadataException;
import io.terrace.InvalidObjectIdException;
import io.terrace.PreconditionFailedException;
import io.terrace.RangeNotSatisfiableException;
import io.terrace.TerraceException;
import io.terrace.TooLargeException;
import io.terrace.TransientException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.web.ErrorResponse;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Errors as JSON (RFC 9457), with the stable code of the error and whether the request may have had an effect. */
final class Problems implements WebExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private static final ServerResponse.Context WRITERS = new ServerResponse.Context() {
        private final HandlerStrategies strategies = HandlerStrategies.withDefaults();

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return strategies.messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return strategies.viewResolvers();
        }
    };

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        if (exchange.getResponse().isCommitted()) {
            // Part of an answer is out: closing the connection is all that can still be said.
            return Mono.error(error);
        }
        exchange.getResponse().getHeaders().clear();
        ProblemDetail problem = problem(error);
        if (!(error instanceof TerraceException) && !(error instanceof ErrorResponse)) {
            LOG.error(
                    "{} {}",
                    exchange.getRequest().getMethod(),
                    exchange.getRequest().getPath(),
                    error);
        }
        return ServerResponse.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .headers(headers -> addHeaders(headers, error))
                .bodyValue(problem)
                .flatMap(response -> response.writeTo(exchange, WRITERS));
    }

    private static ProblemDetail problem(Throwable error) {
        if (error instanceof TerraceException known) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(status(known), known.getMessage());
            problem.setProperty("code", known.code());
            problem.setProperty("outcome", known.determinacy());
            return problem;
        }
        return error instanceof ErrorResponse known
                ? known.getBody()
                : ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, "This is a bug; see the log.");
    }

    private static HttpStatusCode status(TerraceException error) {
        if (error instanceof PreconditionFailedException) {
            return HttpStatus.PRECONDITION_FAILED;
        }
        if (error instanceof RangeNotSatisfiableException) {
            return HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE;
        }
        if (error instanceof TooLargeException || error.getCause() instanceof TooLargeException) {
            return HttpStatus.CONTENT_TOO_LARGE;
        }
        if (error instanceof ClientPayloadException
                || error instanceof InvalidObjectIdException
                || error instanceof InvalidMetadataException) {
            return HttpStatus.BAD_REQUEST;
        }
        // A write that may have happened must not look as if it could just be sent again.
        return error instanceof TransientException && error.determinacy() == Determinacy.NOT_APPLIED
                ? HttpStatus.SERVICE_UNAVAILABLE
                : HttpStatus.INTERNAL_SERVER_ERROR;
    }

    private static void addHeaders(HttpHeaders headers, Throwable error) {
        if (error instanceof RangeNotSatisfiableException outside) {
            headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + outside.total());
        }
        if (error instanceof PreconditionFailedException failed) {
            failed.currentVersion().ifPresent(etag -> headers.setETag(Conditions.quoted(etag)));
        }
        if (error instanceof TransientException passing && passing.determinacy() == Determinacy.NOT_APPLIED) {
            headers.set(HttpHeaders.RETRY_AFTER, "1");
        }
    }
}
