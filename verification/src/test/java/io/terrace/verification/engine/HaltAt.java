// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * Ends this process, as kill -9 would, just before or just after the n-th call of an operation: before anything of it was
 * done, or after it was done and before anybody heard of it.
 */
final class HaltAt implements SpiInterceptor {

    /** Which call, and on which side of it. */
    record Point(SpiOperation operation, int nth, boolean after) {

        static Point parse(String text) {
            String[] words = text.split(",");
            return new Point(
                    SpiOperation.valueOf(words[0]), Integer.parseInt(words[1]), Boolean.parseBoolean(words[2]));
        }

        @Override
        public String toString() {
            return operation + "," + nth + "," + after;
        }
    }

    private final Point point;
    private final AtomicInteger seen = new AtomicInteger();
    private volatile boolean armed;

    HaltAt(Point point) {
        this.point = point;
    }

    /** Calls count from here. */
    void arm() {
        armed = true;
    }

    @Override
    public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
        if (!armed || call.operation() != point.operation() || seen.incrementAndGet() != point.nth()) {
            return invocation;
        }
        return point.after() ? invocation.doOnSuccess(done -> halt()) : Mono.fromRunnable(HaltAt::halt);
    }

    private static void halt() {
        Runtime.getRuntime().halt(KilledChild.EXIT);
    }
}
