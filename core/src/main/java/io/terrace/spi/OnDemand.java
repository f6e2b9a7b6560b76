// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * A stream that is read step by step, a page or a buffer at a time, and no further than it was asked for. For listings and
 * bodies of backends: operators such as {@code expand} or {@code concatMap} read a step ahead, which is a request that nobody
 * wanted, or a part of a body in memory.
 *
 * @param <T> what the steps yield
 */
public final class OnDemand<T> {

    private final Source<T> source;
    private final FluxSink<T> sink;
    private final Disposable.Swap step = Disposables.swap();
    /** What has happened since the last look: requests, and steps that have ended. Not zero while somebody looks. */
    private final AtomicInteger news = new AtomicInteger();

    /** Changed by whoever looks, and by the end of the step. */
    private volatile boolean stepping;

    private OnDemand(Source<T> source, FluxSink<T> sink) {
        this.source = source;
        this.sink = sink;
    }

    /**
     * What is read in steps, one at a time.
     *
     * @param <T> what the steps yield
     */
    public interface Source<T> {

        /**
         * Goes on for a while. Perhaps nothing, though there is more.
         *
         * @param wanted how many elements were asked for and have not come; at least 1. More may come: they are kept until they
         *     are asked for
         */
        Mono<List<T>> next(long wanted);

        /** Whether there is nothing more. Asked between the steps. */
        boolean isOver();

        /** Nothing more will be asked for. The last step may still be ending. */
        default void close() {}
    }

    /**
     * A stream of which each subscriber reads a source of its own. Absent: completes empty. On cancel: the step under way is
     * cancelled and none follows. On error: that of the step, and none follows. Either way the source is closed. Demand: no step
     * without it, and no element beyond it. Threads: those of the steps.
     */
    public static <T> Flux<T> read(Supplier<? extends Source<T>> supplier) {
        requireNonNull(supplier, "supplier");
        return Flux.create(sink -> {
            Source<T> source = supplier.get();
            OnDemand<T> reading = new OnDemand<>(source, sink);
            sink.onDispose(() -> {
                reading.step.dispose();
                source.close();
            });
            sink.onRequest(more -> reading.look());
        });
    }

    /** A loop and not a recursion, since a step may end before it was seen to begin. */
    private void look() {
        if (news.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            if (sink.isCancelled()) {
                return;
            }
            if (!stepping && source.isOver()) {
                sink.complete();
                return;
            }
            long wanted = sink.requestedFromDownstream();
            if (!stepping && wanted > 0) {
                begin(wanted);
            }
            seen = news.addAndGet(-seen);
        } while (seen != 0);
    }

    private void begin(long wanted) {
        stepping = true;
        // One of its own for each step: this one may end, and the next begin, before subscribe() returns.
        Disposable.Swap own = Disposables.swap();
        step.replace(own);
        own.update(source.next(wanted).defaultIfEmpty(List.of()).subscribe(this::take, sink::error));
    }

    private void take(List<T> page) {
        page.forEach(sink::next);
        stepping = false;
        look();
    }
}
