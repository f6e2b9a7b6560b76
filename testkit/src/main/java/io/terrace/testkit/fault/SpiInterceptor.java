// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sees every call of a backend that it wraps, and decides what becomes of it. Only {@link #around} must be implemented.
 *
 * <p>The methods are called when a caller subscribes, once per subscription, on the caller's thread: they must not block.
 * A wrapped backend passes names, capabilities and unknown facets through; calls of the known facets and of the pins are
 * seen like all others. Interceptors stack: the one that wraps last sees the call first.
 */
public interface SpiInterceptor {

    /**
     * What the caller gets instead of the call's own answer. Each subscription to {@code invocation} makes the call once;
     * not subscribing means that it is not made.
     */
    <T> Mono<T> around(SpiCall call, Mono<T> invocation);

    /** The same for a call that answers with a stream: a listing or a scan. */
    default <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
        return invocation;
    }

    /**
     * The same for the put of a blob, with what the caller brings.
     *
     * @param put makes the call with a body and a gate, the caller's or others
     */
    default Mono<BlobInfo> aroundPut(
            SpiCall call, Payload body, CommitGate gate, BiFunction<Payload, CommitGate, Mono<BlobInfo>> put) {
        return around(call, put.apply(body, gate));
    }

    /**
     * The same for a part of an upload.
     *
     * @param upload makes the call with a body, the caller's or another
     */
    default Mono<UploadedPart> aroundPart(SpiCall call, Payload body, Function<Payload, Mono<UploadedPart>> upload) {
        return around(call, upload.apply(body));
    }

    /** The content that the caller gets when the get of a blob was answered with this one. */
    default BlobContent opened(SpiCall get, BlobContent content) {
        return content;
    }

    /** The backend, with every call of it going through this interceptor. */
    default HighVolumeBackend rows(HighVolumeBackend delegate) {
        return new InterceptedRows(delegate, this);
    }

    /** The backend, with every call of it going through this interceptor. */
    default LongTermBackend blobs(LongTermBackend delegate) {
        return new InterceptedBlobs(delegate, this);
    }

    /** The log and its pins, with every call of them going through this interceptor. */
    default ChangeLog changeLog(ChangeLog delegate) {
        return new InterceptedChangeLog(delegate, this);
    }
}
