// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The steps of one thing, one at a time and in order, on whichever thread is free. */
final class Serial {

    private final IoThreads io;
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    Serial(IoThreads io) {
        this.io = io;
    }

    void execute(Runnable step) {
        steps.add(step);
        if (pending.getAndIncrement() == 0) {
            io.execute(this::run);
        }
    }

    /** One step, then to the end of the line, so that one busy stream does not keep a thread to itself. */
    private void run() {
        Runnable step = steps.poll();
        if (step != null) {
            step.run();
        }
        if (pending.decrementAndGet() > 0) {
            io.execute(this::run);
        }
    }
}
