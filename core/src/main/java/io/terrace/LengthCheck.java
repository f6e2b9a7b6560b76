// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts one subscription of a payload and holds it to its announced length. */
final class LengthCheck {

    private final long announced;
    private long seen;

    LengthCheck(long announced) {
        this.announced = announced;
    }

    Flux<ByteBuffer> applyTo(Flux<ByteBuffer> body) {
        return body.onErrorMap(LengthCheck::blameTheCaller)
                .filter(ByteBuffer::hasRemaining)
                .map(this::count)
                .concatWith(Mono.defer(this::complete));
    }

    private ByteBuffer count(ByteBuffer next) {
        seen += next.remaining();
        if (announced != Payload.UNKNOWN && seen > announced) {
            throw wrongLength("at least " + seen);
        }
        return next;
    }

    private Mono<ByteBuffer> complete() {
        return announced == Payload.UNKNOWN || seen == announced ? Mono.empty() : Mono.error(wrongLength("" + seen));
    }

    private ClientPayloadException wrongLength(String actual) {
        return new ClientPayloadException("The payload was announced with " + announced + " bytes, but has " + actual
                + ". Announce its true length, or none; nothing was stored.");
    }

    private static Throwable blameTheCaller(Throwable error) {
        return error instanceof ClientPayloadException
                ? error
                : new ClientPayloadException("The publisher of the payload failed; nothing was stored.", error);
    }
}
