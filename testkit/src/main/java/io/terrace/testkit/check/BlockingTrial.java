// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

/** A thread that must not block, and tries to. */
final class BlockingTrial extends Thread implements NonBlocking {

    private final Callable<?> attempt;
    private volatile @Nullable Throwable failure;

    private BlockingTrial(Callable<?> attempt) {
        super("blocking-trial");
        setDaemon(true);
        this.attempt = attempt;
    }

    /** What the attempt failed with; {@code null} if it succeeded. */
    static @Nullable Throwable failureOf(Callable<?> attempt) throws InterruptedException {
        BlockingTrial trial = new BlockingTrial(attempt);
        trial.start();
        trial.join();
        return trial.failure;
    }

    @Override
    public void run() {
        try {
            attempt.call();
        } catch (Throwable caught) {
            failure = caught;
        }
    }
}
