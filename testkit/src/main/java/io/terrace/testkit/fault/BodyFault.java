// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/**
 * What becomes of the bytes of a blob under way. A body with fewer bytes than it takes is not affected.
 *
 * @param kind see {@link Kind}
 * @param afterBytes how many bytes get through
 */
public record BodyFault(Kind kind, long afterBytes) {

    /** The ways in which a transfer ends. */
    public enum Kind {
        /** As it should. */
        NONE,
        /** With an error. */
        ERROR,
        /** Too early, but as if that were all: what a backend must never do, and what its caller should notice. */
        PREMATURE_END
    }

    /** All bytes get through. */
    public static final BodyFault NONE = new BodyFault(Kind.NONE, 0);

    public BodyFault {
        Objects.requireNonNull(kind, "kind");
        if (afterBytes < 0) {
            throw new IllegalArgumentException("a number of bytes must not be negative: " + afterBytes);
        }
    }

    /** The transfer breaks after so many bytes. */
    public static BodyFault errorAfter(long bytes) {
        return new BodyFault(Kind.ERROR, bytes);
    }

    /** The transfer completes after so many bytes. */
    public static BodyFault endAfter(long bytes) {
        return new BodyFault(Kind.PREMATURE_END, bytes);
    }

    /** The body as it gets through; {@code struck} is asked for the error, and called when the fault takes place. */
    Flux<ByteBuffer> applyTo(Flux<ByteBuffer> body, Supplier<Throwable> struck) {
        if (kind == Kind.NONE) {
            return body;
        }
        return Flux.defer(() -> {
            long[] left = {afterBytes};
            return body.handle((next, sink) -> {
                int passed = (int) Math.min(next.remaining(), left[0]);
                left[0] -= passed;
                if (passed > 0) {
                    sink.next(next.slice(next.position(), passed));
                }
                if (left[0] == 0) {
                    Throwable error = struck.get();
                    if (kind == Kind.ERROR) {
                        sink.error(error);
                    } else {
                        sink.complete();
                    }
                }
            });
        });
    }
}
