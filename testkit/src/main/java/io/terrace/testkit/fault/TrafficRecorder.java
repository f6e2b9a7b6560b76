// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.spi.BlobContent;
import io.terrace.testkit.fault.RecordedCall.Ending;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes down every call, in the order in which they were made, over all backends that it wraps: a test can say exactly
 * which requests an operation costs, which of them run side by side, and what was opened and never released.
 *
 * <p>It keeps all calls until {@link #reset}. Safe for use by several threads.
 */
public final class TrafficRecorder implements SpiInterceptor {

    private final List<Entry> entries = new ArrayList<>();
    private final AtomicInteger openBlobs = new AtomicInteger();
    private long tick;

    /** What was called, in the order of the beginnings. Compare it with the expected list: that is the whole idea. */
    public List<SpiOperation> operations() {
        return calls().stream().map(SpiCall::operation).toList();
    }

    /** The calls, in the order of their beginnings. */
    public List<SpiCall> calls() {
        return records().stream().map(RecordedCall::call).toList();
    }

    /** The calls with beginning and end, in the order of their beginnings. */
    public synchronized List<RecordedCall> records() {
        return entries.stream().map(Entry::snapshot).toList();
    }

    /** The calls of one operation with beginning and end. */
    public List<RecordedCall> records(SpiOperation operation) {
        return records().stream()
                .filter(entry -> entry.call().operation() == operation)
                .toList();
    }

    /** The calls that have neither been answered nor been cancelled. */
    public List<SpiCall> running() {
        return records().stream()
                .filter(entry -> entry.ending() == Ending.RUNNING)
                .map(RecordedCall::call)
                .toList();
    }

    /** How many blobs were opened and then neither read, to the end or to a cancel, nor discarded. */
    public int openBlobs() {
        return openBlobs.get();
    }

    /** Forgets the calls; what is still running ends unnoticed. Open blobs stay counted. */
    public synchronized void reset() {
        entries.clear();
    }

    @Override
    public <T> Mono<T> around(SpiCall call, Mono<T> invocation) {
        Entry entry = begin(call);
        return invocation
                .doOnSuccess(answer -> end(entry, answer == null ? Ending.EMPTY : Ending.ANSWERED))
                .doOnError(error -> end(entry, Ending.FAILED))
                .doOnCancel(() -> end(entry, Ending.CANCELLED));
    }

    @Override
    public <T> Flux<T> aroundStream(SpiCall call, Flux<T> invocation) {
        Entry entry = begin(call);
        return invocation
                .doOnComplete(() -> end(entry, Ending.ANSWERED))
                .doOnError(error -> end(entry, Ending.FAILED))
                .doOnCancel(() -> end(entry, Ending.CANCELLED));
    }

    @Override
    public BlobContent opened(SpiCall get, BlobContent content) {
        openBlobs.incrementAndGet();
        return new TrackedContent(content);
    }

    private synchronized Entry begin(SpiCall call) {
        Entry entry = new Entry(call, tick++);
        entries.add(entry);
        return entry;
    }

    private synchronized void end(Entry entry, Ending how) {
        // A caller that has its answer may cancel what is left of the call.
        if (entry.ending == Ending.RUNNING) {
            entry.ending = how;
            entry.ended = tick++;
        }
    }

    /** A call under way; guarded by the recorder. */
    private static final class Entry {
        private final SpiCall call;
        private final long began;
        private long ended = RecordedCall.NOT_YET;
        private Ending ending = Ending.RUNNING;

        Entry(SpiCall call, long began) {
            this.call = call;
            this.began = began;
        }

        RecordedCall snapshot() {
            return new RecordedCall(call, began, ended, ending);
        }
    }

    /** Content that is counted until its body has ended, or it is discarded unread. */
    private final class TrackedContent extends ForwardedContent {
        private final AtomicBoolean taken = new AtomicBoolean();

        TrackedContent(BlobContent content) {
            super(content);
        }

        @Override
        public Flux<ByteBuffer> body() {
            Flux<ByteBuffer> body = super.body();
            return Flux.defer(() ->
                    taken.compareAndSet(false, true) ? body.doFinally(signal -> openBlobs.decrementAndGet()) : body);
        }

        @Override
        public Mono<Void> discard() {
            return super.discard().doFinally(signal -> {
                if (taken.compareAndSet(false, true)) {
                    openBlobs.decrementAndGet();
                }
            });
        }
    }
}
