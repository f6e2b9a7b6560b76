// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.kv;

import io.terrace.testkit.fault.SpiCall;
import io.terrace.testkit.fault.SpiInterceptor;
import io.terrace.testkit.fault.SpiOperation;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets something happen just before a request is sent, or holds back the answer of a scan. */
final class Interposed implements SpiInterceptor {

    private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();
    private Sinks.@Nullable Empty<Void> heldScan;
    private @Nullable RuntimeException scanError;
    private long scansLeft;

    /** The next call of that operation comes a moment late: after this. */
    void before(SpiOperation operation, Runnable action) {
        armed.set(new Armed(operation, action));
    }

    /** At the end of a scan, when all of it was seen and nothing was done yet; the next one is number 1. */
    void afterScan(long number, Runnable action) {
        scansLeft = number;
        before(SpiOperation.ROW_SCAN, action);
    }

    boolean happened() {
        return armed.get() == null;
    }

    /** The next scan sees what is there when it begins, and answers when it is let go. */
    Sinks.Empty<Void> holdScan() {
        Sinks.Empty<Void> gate = Sinks.empty();
        heldScan = gate;
        return gate;
    }

    boolean holdsNothing() {
        return heldScan == null;
    }

    /** From now on, scans fail. */
    void failScans(RuntimeException error) {
        scanError = error;
    }

    @Override
    public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
        Armed now = armed.get();
        if (now != null && now.operation() == call.operation() && armed.compareAndSet(now, null)) {
            now.action().run();
        }
        return invocation;
    }

    @Override
    public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
        RuntimeException error = scanError;
        if (error != null && call.operation() == SpiOperation.ROW_SCAN) {
            return Flux.error(error);
        }
        Armed now = armed.get();
        if (now != null && now.operation() == call.operation() && --scansLeft == 0) {
            armed.set(null);
            return invocation.collectList().doOnNext(rows -> now.action().run()).flatMapIterable(rows -> rows);
        }
        Sinks.Empty<Void> gate = heldScan;
        if (gate == null || call.operation() != SpiOperation.ROW_SCAN) {
            return invocation;
        }
        heldScan = null;
        return invocation.collectList().delayUntil(rows -> gate.asMono()).flatMapIterable(rows -> rows);
    }

    private record Armed(SpiOperation operation, Runnable action) {}
}
