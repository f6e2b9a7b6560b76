// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls that their callers have given up, and that have not reached the store yet: {@link Fault#LATE} and
 * {@link Fault#HANG}. What is never released never happens, which is one of the things that an unknown outcome can mean.
 *
 * <p>At most {@value #CAPACITY} are held; a further one is lost. Safe for use by several threads.
 */
public final class LateCalls {

    /** How many calls are held. */
    public static final int CAPACITY = 1000;

    private final Queue<Held> held = new ArrayDeque<>();

    LateCalls() {}

    private record Held(SpiCall call, Mono<?> invocation) {}

    synchronized void hold(SpiCall call, Mono<?> invocation) {
        if (held.size() < CAPACITY) {
            held.add(new Held(call, invocation));
        }
    }

    /** How many calls are held. */
    public synchronized int size() {
        return held.size();
    }

    /** The calls that are held, oldest first. */
    public synchronized List<SpiCall> calls() {
        List<SpiCall> calls = new ArrayList<>(held.size());
        held.forEach(late -> calls.add(late.call));
        return calls;
    }

    /**
     * Lets the oldest calls reach the store, one after the other, and completes when the last of them has ended. How they
     * end nobody learns: their callers are gone. Nothing happens before it is subscribed to; on cancel the call under way
     * is cancelled and the others stay held.
     *
     * @param count how many; fewer if there are not so many
     */
    public Mono<Void> release(int count) {
        return Flux.range(0, count).concatMap(i -> oldest(), 1).then();
    }

    /** {@link #release} of all that are held when it is subscribed to. */
    public Mono<Void> releaseAll() {
        return Mono.defer(() -> release(size()));
    }

    /** Forgets all that are held: they never happen. */
    public synchronized void dropAll() {
        held.clear();
    }

    private Mono<Void> oldest() {
        Held late = poll();
        return late == null
                ? Mono.empty()
                : late.invocation
                        .flatMap(Answers::discard)
                        .onErrorResume(nobodyIsThereToHearIt -> Mono.empty())
                        .then();
    }

    private synchronized @Nullable Held poll() {
        return held.poll();
    }
}
