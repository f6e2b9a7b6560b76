// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Operations that share nothing but their way in: each is begun in its turn, and ends for itself. */
final class Batch {

    private final ObjectStore store;

    Batch(ObjectStore store) {
        this.store = store;
    }

    /** What has been begun is ended, and told, before a failure of the source is. */
    <T> Flux<BatchResult<T>> run(Publisher<? extends BatchOperation<? extends T>> operations, int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency is " + concurrency + ", but must be at least 1.");
        }
        return Flux.from(operations)
                .index()
                .<BatchResult<T>>flatMapDelayError(this::result, concurrency, 1)
                .contextWrite(CallOptions.asBulk());
    }

    private <T> Mono<BatchResult<T>> result(Tuple2<Long, ? extends BatchOperation<? extends T>> next) {
        long index = next.getT1();
        BatchOperation<? extends T> operation = next.getT2();
        return Mono.defer(() -> operation.on(store))
                .map(value -> new BatchResult<T>(index, operation, value, null))
                .switchIfEmpty(Mono.fromSupplier(() -> new BatchResult<>(index, operation, null, null)))
                .onErrorResume(error -> Mono.just(new BatchResult<>(index, operation, null, error)));
    }
}
