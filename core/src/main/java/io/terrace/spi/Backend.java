// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.Health;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * What every backend offers besides its role.
 *
 * <p><b>Threads.</b> No method of any SPI blocks the calling thread, neither when it is called nor when what it returns
 * is subscribed to. A backend whose client library blocks runs it on a bounded scheduler of its own.
 *
 * <p><b>Laziness.</b> Nothing happens until the returned publisher is subscribed to; each subscription is one call.
 *
 * <p><b>Signals.</b> Errors are always signalled through the publisher, as a {@link io.terrace.TerraceException},
 * except {@link IllegalArgumentException} for a call that makes no sense (HV-6.8); only a {@code null} argument may be
 * thrown.
 */
public interface Backend {

    /** A short, stable name such as {@code localfs}; appears in errors and metrics, and is the same for all instances. */
    String name();

    /** What this instance can do beyond its role's contract. Constant for the life of the instance. */
    Set<Capability> capabilities();

    /**
     * An optional ability of this backend. Decorators forward the lookup, so an ability is never lost behind one, which
     * is why callers must not use {@code instanceof}.
     */
    default <F> Optional<F> facet(Class<F> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    /**
     * One cheap, non-destructive request that shows whether the store answers. An unhealthy store is a value, not an
     * error.
     */
    Mono<Health> check();

    /**
     * Releases everything this instance holds. Idempotent; calls under way may finish or fail with
     * {@link io.terrace.BackendUnavailableException}, later ones fail with it, {@link io.terrace.Determinacy#NOT_APPLIED
     * not applied}. Always ends.
     */
    Mono<Void> closeLater();
}
