// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.Health;
import io.terrace.spi.Backend;
import io.terrace.spi.BackendRole;
import io.terrace.spi.Capability;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the wrapped backends of all roles share. */
abstract class InterceptedBackend<B extends Backend> implements Backend {

    final B delegate;
    final SpiInterceptor interceptor;
    private final BackendRole<B> role;
    private final AtomicLong sequence = new AtomicLong();

    InterceptedBackend(BackendRole<B> role, B delegate, SpiInterceptor interceptor) {
        this.role = role;
        this.delegate = delegate;
        this.interceptor = interceptor;
    }

    /** One call per subscription. The invocation is made early, so that a null argument is refused as the delegate does. */
    final <T> Mono<T> call(SpiOperation operation, String target, Mono<T> invocation) {
        return Mono.defer(() -> interceptor.around(next(operation, target), invocation));
    }

    final <T> Flux<T> stream(SpiOperation operation, String target, Flux<T> invocation) {
        return Flux.defer(() -> interceptor.aroundStream(next(operation, target), invocation));
    }

    final SpiCall next(SpiOperation operation, String target) {
        return new SpiCall(role, operation, target, sequence.incrementAndGet());
    }

    /** A facet of the delegate whose calls are seen too, if it is one of those that we know. */
    abstract <F> F intercept(Class<F> type, F facet);

    @Override
    public final <F> Optional<F> facet(Class<F> type) {
        return type.isInstance(this)
                ? Optional.of(type.cast(this))
                : delegate.facet(type).map(facet -> intercept(type, facet));
    }

    @Override
    public final String name() {
        return delegate.name();
    }

    @Override
    public final Set<Capability> capabilities() {
        return delegate.capabilities();
    }

    @Override
    public final Mono<Health> check() {
        return call(SpiOperation.CHECK, "", delegate.check());
    }

    @Override
    public final Mono<Void> closeLater() {
        return call(SpiOperation.CLOSE, "", delegate.closeLater());
    }

    @Override
    public final String toString() {
        return interceptor.getClass().getSimpleName() + "(" + delegate + ")";
    }
}
