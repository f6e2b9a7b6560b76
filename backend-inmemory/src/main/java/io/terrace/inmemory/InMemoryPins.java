// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.spi.Pins;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The pins that are kept with a log. */
final class InMemoryPins implements Pins {

    private final Held<EntryTable> table;

    InMemoryPins(Held<EntryTable> table) {
        this.table = table;
    }

    @Override
    public Mono<Void> pin(String name) {
        requireNonNull(name, "name");
        return table.call(entries -> {
            entries.pins().add(name);
            return Mono.empty();
        });
    }

    @Override
    public Mono<Void> unpin(String name) {
        requireNonNull(name, "name");
        return table.call(entries -> {
            entries.pins().remove(name);
            return Mono.empty();
        });
    }

    @Override
    public Mono<Boolean> any() {
        return table.call(entries -> Mono.just(!entries.pins().isEmpty()));
    }

    @Override
    public Flux<String> list() {
        return table.stream(entries -> Flux.fromIterable(entries.pins()));
    }
}
