// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Stands on both sides of the code under test and compares: what it asked its source for and got, and what it was asked for
 * and gave. The difference is what it must be holding.
 *
 * <pre>{@code
 * var probe = DemandProbe.ofBytes();
 * probe.drain(underTest(probe.source(body)));     // nothing is requested yet
 * probe.request(1);
 * probe.assertReadAheadAtMost(2 << 20);
 * probe.assertDemandRespected();
 * }</pre>
 *
 * <p>One side alone will do: {@link #source} for a sink such as an upload, {@link #drain} for a source such as a download.
 * Requests are counted in elements, content in the unit of the probe. Safe for use by several threads; one subscription
 * each.
 */
public final class DemandProbe<T> {

    private final ToLongFunction<? super T> sizeOf;
    private final Drain drain = new Drain();
    private final List<T> received = new ArrayList<>();

    private long sourceRequested;
    private long sourceEmitted;
    private long sourceSize;
    private long mostOutstanding;
    private boolean sourceCancelled;

    private long drainRequested;
    private long drainSize;
    private long mostReadAhead;
    private @Nullable String unasked;
    private @Nullable Throwable failure;
    private boolean completed;

    private DemandProbe(ToLongFunction<? super T> sizeOf) {
        this.sizeOf = sizeOf;
    }

    /** Counts bytes. */
    public static DemandProbe<ByteBuffer> ofBytes() {
        return new DemandProbe<>(ByteBuffer::remaining);
    }

    /** Counts elements. */
    public static <T> DemandProbe<T> ofElements() {
        return new DemandProbe<>(element -> 1);
    }

    /** What the code under test should read instead of the source. */
    public Flux<T> source(Publisher<? extends T> source) {
        return Flux.<T>from(source)
                .doOnNext(this::emitted)
                .doOnRequest(this::requestedOfSource)
                .doOnCancel(this::cancelledSource);
    }

    /** Subscribes to what the code under test gives, and requests nothing. */
    public void drain(Publisher<? extends T> result) {
        result.subscribe(drain);
    }

    /** Requests so many elements of the code under test. */
    public void request(long elements) {
        synchronized (this) {
            drainRequested = saturated(drainRequested, elements);
        }
        drain.request(elements);
    }

    /** Cancels what is drained. */
    public void cancel() {
        drain.cancel();
    }

    /** How many elements were asked of the source; {@link Long#MAX_VALUE} if all. */
    public synchronized long requestedOfSource() {
        return sourceRequested;
    }

    /** How much the source has handed out. */
    public synchronized long emittedBySource() {
        return sourceSize;
    }

    /** How many elements the source was asked for and had not handed out, at most at one time. */
    public synchronized long mostOutstanding() {
        return mostOutstanding;
    }

    /** How much the source had handed out and the drain had not received, at most at one time; what is just passed on, included. */
    public synchronized long mostReadAhead() {
        return mostReadAhead;
    }

    /** Whether the code under test has cancelled its source. */
    public synchronized boolean isSourceCancelled() {
        return sourceCancelled;
    }

    /** What the drain has received. */
    public synchronized List<T> received() {
        return List.copyOf(received);
    }

    /** How the drained stream failed; {@code null} if it has not. */
    public synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Whether the drained stream has completed. */
    public synchronized boolean isCompleted() {
        return completed;
    }

    /** Fails if the code under test ever held more than this, in the unit of the probe. */
    public synchronized void assertReadAheadAtMost(long limit) {
        if (mostReadAhead > limit) {
            throw new AssertionError("Read ahead of demand by " + mostReadAhead + ", but at most " + limit
                    + " is allowed. The source has emitted " + sourceSize + ", of which " + drainSize + " arrived.");
        }
    }

    /** Fails if the code under test ever asked its source for more elements than this before it had got them. */
    public synchronized void assertOutstandingAtMost(long elements) {
        if (mostOutstanding > elements) {
            throw new AssertionError("Asked the source for "
                    + (mostOutstanding == Long.MAX_VALUE ? "everything" : mostOutstanding + " elements")
                    + " at once, but at most " + elements + " are allowed.");
        }
    }

    /** Fails if the drain ever got something that it had not asked for. */
    public synchronized void assertDemandRespected() {
        if (unasked != null) {
            throw new AssertionError(unasked);
        }
    }

    private synchronized void requestedOfSource(long elements) {
        sourceRequested = saturated(sourceRequested, elements);
        long outstanding = sourceRequested == Long.MAX_VALUE ? Long.MAX_VALUE : sourceRequested - sourceEmitted;
        mostOutstanding = Math.max(mostOutstanding, outstanding);
    }

    private synchronized void emitted(T element) {
        sourceEmitted++;
        sourceSize += sizeOf.applyAsLong(element);
        mostReadAhead = Math.max(mostReadAhead, sourceSize - drainSize);
    }

    private synchronized void cancelledSource() {
        sourceCancelled = true;
    }

    private synchronized void arrived(T element) {
        received.add(element);
        drainSize += sizeOf.applyAsLong(element);
        if (received.size() > drainRequested && unasked == null) {
            unasked = "Element " + received.size() + " came, but only " + drainRequested + " were asked for.";
        }
    }

    private synchronized void ended(@Nullable Throwable error) {
        failure = error;
        completed = error == null;
    }

    private static long saturated(long sum, long more) {
        long total = sum + more;
        return total < 0 ? Long.MAX_VALUE : total;
    }

    private final class Drain extends BaseSubscriber<T> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Nothing is requested before the test says so.
        }

        @Override
        protected void hookOnNext(T element) {
            arrived(element);
        }

        @Override
        protected void hookOnError(Throwable error) {
            ended(error);
        }

        @Override
        protected void hookOnComplete() {
            ended(null);
        }
    }
}
