// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.Health;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an instance holds until it is closed. The content is let go and not cleared: a call under way goes on with what it
 * has, so that a listing is never cut short and then reported as complete.
 */
final class Held<T> {

    static final String NAME = "inmemory";

    private volatile @Nullable T content;

    Held(T content) {
        this.content = content;
    }

    /** Looks at the content when subscribed to, and at once. */
    <R> Mono<R> call(Function<T, Mono<R>> operation) {
        return Mono.defer(() -> operation.apply(get()));
    }

    <R> Flux<R> stream(Function<T, Flux<R>> operation) {
        return Flux.defer(() -> operation.apply(get()));
    }

    Mono<Health> check() {
        return Mono.fromSupplier(
                () -> content == null ? Health.down("closed") : Health.up("in the memory of this process"));
    }

    Mono<Void> closeLater() {
        return Mono.fromRunnable(() -> content = null);
    }

    private T get() {
        T present = content;
        if (present == null) {
            throw new BackendUnavailableException(
                    NAME, "This in-memory store is closed. Open another one.", Determinacy.NOT_APPLIED);
        }
        return present;
    }
}
