// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.TerraceRuntime;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How the last pass of one kind ended. One that was cancelled leaves no trace. */
final class LastPass<R> {

    /** @param report of the last one that got to its end */
    private record Ended<R>(@Nullable R report, boolean succeeded, long micros) {}

    private final TerraceRuntime runtime;
    private volatile @Nullable Ended<R> ended;

    LastPass(TerraceRuntime runtime) {
        this.runtime = runtime;
    }

    Mono<R> of(Mono<R> pass) {
        return pass.doOnNext(report -> ended = new Ended<>(report, true, runtime.nowMicros()))
                .doOnError(error -> {
                    Ended<R> before = ended;
                    ended = new Ended<>(before == null ? null : before.report(), false, runtime.nowMicros());
                });
    }

    double endedSeconds() {
        Ended<R> last = ended;
        return last == null ? Double.NaN : last.micros() / 1e6;
    }

    double succeeded() {
        Ended<R> last = ended;
        return last == null ? Double.NaN : last.succeeded() ? 1 : 0;
    }

    double count(ToLongFunction<R> component) {
        Ended<R> last = ended;
        R report = last == null ? null : last.report();
        return report == null ? Double.NaN : component.applyAsLong(report);
    }
}
