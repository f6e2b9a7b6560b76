// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.spi.CommitGate;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Watches a gate while work is done behind which it stands: its error ends the work at once, and the work's end it. */
final class GateWatch {

    private GateWatch() {}

    /** @param work gets what completes when the gate has opened */
    static <T> Mono<T> during(CommitGate gate, Function<Mono<Void>, Mono<T>> work) {
        return Mono.deferContextual(context -> {
            Sinks.Empty<Void> opened = Sinks.empty();
            Disposable watching = Mono.defer(gate::opened)
                    .contextWrite(context)
                    .subscribe(unused -> {}, opened::tryEmitError, opened::tryEmitEmpty);
            Mono<T> refused = opened.asMono().then(Mono.never());
            // The refusal first: with a gate that is shut from the start nothing is begun.
            return Mono.firstWithSignal(refused, work.apply(opened.asMono())).doFinally(end -> watching.dispose());
        });
    }
}
