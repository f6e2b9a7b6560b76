// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.spi.EntryId;
import io.terrace.spi.TerraceRuntime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What this store is doing right now: operations of callers, work behind answered operations, and the entries of both.
 * Bounded, and always able to end.
 */
final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final TerraceRuntime runtime;
    private final Admission admission;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger background = new AtomicInteger();
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong recovered = new AtomicLong();
    private final Disposable.Composite tasks = Disposables.composite();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    private final Set<EntryId> own = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Runnable onBacklog = () -> {};

    Operations(TerraceRuntime runtime, Limits limits) {
        this.runtime = runtime;
        this.admission = new Admission(runtime, limits);
    }

    Admission admission() {
        return admission;
    }

    /** Operations, open bodies, and work behind answers that have not ended. */
    int active() {
        return active.get();
    }

    /** Work behind answers that has not ended. */
    int behindAnswers() {
        return background.get();
    }

    /** How often work was left to recovery, ever. */
    long left() {
        return left.get();
    }

    /** A recovery that began when so much had been left has been through all of it. */
    void recovered(long leftBefore) {
        recovered.accumulateAndGet(leftBefore, Math::max);
    }

    /** How much work waits for a recovery, as far as this store has left it. */
    long backlog() {
        // In this order: what is recovered was left before.
        long done = recovered.get();
        return left.get() - done;
    }

    /** What to do when work was left to recovery. */
    void onBacklog(Runnable action) {
        onBacklog = action;
    }

    /** Counts an operation in; to be paired with {@link #end()}. Answers with an error, and counts nothing, if closed. */
    @Nullable
    RuntimeException begin() {
        active.incrementAndGet();
        // Counted before closed is read: whoever closes either sees this operation or is seen by it.
        if (!closed) {
            return null;
        }
        end();
        return new BackendUnavailableException(
                "", "The store is closed. Open a new one; nothing was done.", Determinacy.NOT_APPLIED);
    }

    void end() {
        if (active.decrementAndGet() == 0 && closed) {
            idle.tryEmitEmpty();
        }
    }

    /** Counts in what an operation left open, such as a body; also to be paired with {@link #end()}. */
    void hold() {
        active.incrementAndGet();
    }

    /** Counts maintenance for as long as it runs. */
    <T> Mono<T> counted(Mono<T> work) {
        return Mono.defer(() -> {
            RuntimeException refusal = begin();
            return refusal == null ? work.doFinally(signal -> end()) : Mono.error(refusal);
        });
    }

    /** Marks an entry as being worked on here, so that this store's own recovery leaves it alone. Before it is appended. */
    void own(EntryId entry) {
        own.add(entry);
    }

    private void disown(Aftermath aftermath) {
        EntryId entry = aftermath.entry();
        if (entry != null) {
            own.remove(entry);
        }
    }

    /** Leaves an entry whose write was given up, in the middle perhaps, to the next recovery. */
    void leave(EntryId entry) {
        own.remove(entry);
        LOG.warn("the change {} did not end in time and is left to the next recovery", entry);
        leaveToRecovery();
    }

    /** Counts in a write that goes on behind its answer; to be paired with {@link #endBehindAnswer}. False if there are too many. */
    boolean goOnBehindAnswer() {
        if (background.incrementAndGet() <= Settings.BACKGROUND_LIMIT) {
            return true;
        }
        background.decrementAndGet();
        return false;
    }

    void endBehindAnswer() {
        background.decrementAndGet();
    }

    boolean owns(EntryId entry) {
        return own.contains(entry);
    }

    /** Runs work behind an answered operation, or leaves it to recovery if there is too much of it. */
    void run(@Nullable Aftermath aftermath) {
        if (aftermath == null) {
            return;
        }
        if (background.incrementAndGet() > Settings.BACKGROUND_LIMIT) {
            background.decrementAndGet();
            abandon(aftermath, null);
            return;
        }
        active.incrementAndGet();
        Disposable.Swap task = Disposables.swap();
        if (!tasks.add(task)) {
            over(task);
            abandon(aftermath, null);
            return;
        }
        task.update(aftermath
                .work()
                .doOnCancel(() -> {
                    disown(aftermath);
                    over(task);
                })
                .subscribe(
                        nothing -> {},
                        error -> {
                            over(task);
                            abandon(aftermath, error);
                        },
                        () -> {
                            disown(aftermath);
                            over(task);
                        }));
    }

    /** Runs work that nobody misses if it is not done. False if it is not even begun. */
    boolean spare(String what, Mono<Void> work) {
        if (closed || background.get() >= Settings.BACKGROUND_LIMIT) {
            return false;
        }
        run(new Aftermath(null, what, work.onErrorResume(error -> {
            LOG.debug("{} failed", what, error);
            return Mono.empty();
        })));
        return true;
    }

    private void over(Disposable task) {
        tasks.remove(task);
        background.decrementAndGet();
        end();
    }

    private void abandon(Aftermath aftermath, @Nullable Throwable error) {
        disown(aftermath);
        LOG.warn(
                "{} ({}) is left to the next recovery: {}",
                aftermath.what(),
                aftermath.entry(),
                error == null ? "too much work is in flight" : error.toString());
        LOG.debug("why", error);
        leaveToRecovery();
    }

    /** After it was disowned: a recovery that sees the count also sees the entry. */
    private void leaveToRecovery() {
        left.incrementAndGet();
        if (!closed) {
            onBacklog.run();
        }
    }

    /** Refuses new operations and completes when nothing is under way any more, at the latest after the grace. */
    Mono<Void> drain(Duration grace) {
        return Mono.defer(() -> {
                    closed = true;
                    if (active.get() == 0) {
                        idle.tryEmitEmpty();
                    }
                    return Mono.firstWithSignal(
                            idle.asMono(), Mono.delay(grace, runtime.timers()).then());
                })
                .doFinally(signal -> {
                    tasks.dispose();
                    admission.stop();
                });
    }
}
