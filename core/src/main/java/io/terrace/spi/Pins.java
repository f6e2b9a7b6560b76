// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Pins keep blobs from being deleted while somebody copies or retains them. Durable, and linearizable with each other.
 *
 * <p>While anything is pinned, a release defers its deletion. A pin must be durable <i>before</i> the rows are read whose
 * blobs it is to keep, and is removed <i>before</i> the deferred entries are drained.
 */
public interface Pins {

    /** Sets a pin. Exists: success. Durable when answered. Idempotent. */
    Mono<Void> pin(String name);

    /** Removes a pin. Absent: success. Idempotent. */
    Mono<Void> unpin(String name);

    /** Whether anything is pinned. */
    Mono<Boolean> any();

    /** The names of all pins, any order. */
    Flux<String> list();
}
