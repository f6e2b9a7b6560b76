// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Payload;
import io.terrace.TerraceException;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Uploads that do not go as their callers think. To the source of the body they look like any other. */
final class Uploads {

    /** A late put waits in memory; a test that needs more should release earlier. */
    private static final int LONGEST_LATE_BODY = 64 * 1024 * 1024;

    private Uploads() {}

    /** Takes the body and waits for the gate, and that is all. */
    static Mono<Void> swallow(Payload body, CommitGate gate) {
        return body.checkedBody().limitRate(1).then(Mono.defer(gate::opened));
    }

    /** Takes the body and waits for the gate, and answers with the bytes. */
    static Mono<ByteBuffer> collect(Payload body, CommitGate gate) {
        return body.checkedBody()
                .limitRate(1)
                .collect(Bytes::new, Bytes::add)
                .map(Bytes::all)
                .delayUntil(bytes -> gate.opened());
    }

    /** Makes the call with a body that breaks, and blames that on the store. */
    static <T> Mono<T> breakOff(
            Payload body,
            BodyFault fault,
            Supplier<? extends TerraceException> strike,
            Function<Payload, Mono<T>> put) {
        return Mono.defer(() -> {
            AtomicReference<TerraceException> struck = new AtomicReference<>();
            Payload broken = Payload.from(fault.applyTo(body.body(), () -> {
                TerraceException error = strike.get();
                struck.set(error);
                return error;
            }));
            Payload sized =
                    body.contentLength() == Payload.UNKNOWN ? broken : broken.contentLength(body.contentLength());
            return put.apply(sized).onErrorMap(error -> struck.get() == null ? error : struck.get());
        });
    }

    /** Bytes that arrive in pieces. */
    private static final class Bytes {
        private ByteBuffer bytes = ByteBuffer.allocate(8 * 1024);

        void add(ByteBuffer next) {
            if (next.remaining() > bytes.remaining()) {
                long needed = (long) bytes.position() + next.remaining();
                if (needed > LONGEST_LATE_BODY) {
                    throw new IllegalStateException(
                            "the body of a late put is kept in memory, and this one has more than " + LONGEST_LATE_BODY
                                    + " bytes; let a put of a smaller blob be late");
                }
                int capacity = (int) Math.min(LONGEST_LATE_BODY, Math.max(needed, bytes.capacity() * 2L));
                bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
            }
            bytes.put(next);
        }

        ByteBuffer all() {
            return bytes.flip();
        }
    }
}
