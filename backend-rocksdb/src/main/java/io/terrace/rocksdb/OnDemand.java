// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Reads a source step by step, and only as far as it was asked to: operators would read a page ahead. */
final class OnDemand<T> {

    private final Reads reads;
    private final Source<T> source;
    private final String what;
    private final FluxSink<T> sink;
    /** Requests that came since the last look at how much is wanted; not zero while a step is under way. */
    private final AtomicInteger requests = new AtomicInteger();

    private OnDemand(Reads reads, Source<T> source, String what, FluxSink<T> sink) {
        this.reads = reads;
        this.source = source;
        this.what = what;
        this.sink = sink;
    }

    /** What is read in steps that block; one at a time. Holds nothing native between two steps. */
    interface Source<T> {

        /** Goes on for a while. At most so many elements, perhaps none though there are more. */
        List<T> step(Database database, long wanted) throws RocksDBException;

        boolean isOver();
    }

    /** Each subscriber reads a source of its own, one step after another. On cancel: after the step under way no other. */
    static <T> Flux<T> read(Reads reads, Supplier<? extends Source<T>> source, String what) {
        return Flux.create(sink -> {
            OnDemand<T> reading = new OnDemand<>(reads, source.get(), what, sink);
            sink.onRequest(more -> reading.wake());
        });
    }

    private void wake() {
        if (requests.getAndIncrement() == 0) {
            go();
        }
    }

    private void go() {
        int answered = requests.get();
        while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) {
            answered = requests.addAndGet(-answered);
            if (answered == 0) {
                return;
            }
        }
        if (!sink.isCancelled()) {
            reads.call(what, this::step).subscribe(this::take, sink::error);
        }
    }

    private List<T> step(Database database) throws RocksDBException {
        return sink.isCancelled() ? List.of() : source.step(database, sink.requestedFromDownstream());
    }

    private void take(List<T> page) {
        page.forEach(sink::next);
        if (source.isOver()) {
            sink.complete();
        } else {
            go();
        }
    }
}
