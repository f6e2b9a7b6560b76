// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.BackendUnavailableException;
import io.terrace.Determinacy;
import io.terrace.ThrottledException;
import io.terrace.spi.TerraceRuntime;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs work while its stripe is held, first in this JVM, then among the processes. Waits for another process by trying
 * again, briefly on the thread, then by a timer, so that a process that stands still holds up no thread of ours.
 */
final class Locked {

    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;
    private static final int TRIES_ON_THE_THREAD = 4;

    private final LockFile locks;
    private final IoThreads io;
    private final TerraceRuntime runtime;
    private final long waitNanos;
    private final boolean amongProcesses;

    /** @param amongProcesses always true, except where a test shows what would be lost without it */
    Locked(LockFile locks, IoThreads io, TerraceRuntime runtime, Duration wait, boolean amongProcesses) {
        this.locks = locks;
        this.io = io;
        this.runtime = runtime;
        this.waitNanos = wait.toNanos();
        this.amongProcesses = amongProcesses;
    }

    /** Work under the lock. */
    interface Work<T> {
        /** On one of our threads. */
        T run() throws IOException;
    }

    /**
     * Starts on one of our threads; part of a call that was admitted.
     *
     * @param conditional see {@link Stripes}
     * @param done gets the result or the error, on one of our threads, when the lock has been released
     */
    <T> void run(
            int stripe,
            boolean conditional,
            Work<T> work,
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> done) {
        Attempt<T> attempt = new Attempt<>(stripe, work, done);
        if (locks.stripes().take(stripe, conditional, () -> io.execute(attempt::proceed))) {
            attempt.proceed();
        }
    }

    /** @throws BackendUnavailableException if the locks are gone, and so nothing may be changed under them */
    void checkStillHeld() {
        if (!locks.isOpen()) {
            throw new BackendUnavailableException(
                    LocalFsErrors.BACKEND,
                    "The lock file was closed by something else in this process. Nothing was changed; restart it.",
                    Determinacy.NOT_APPLIED);
        }
    }

    private final class Attempt<T> {
        private final int stripe;
        private final Work<T> work;
        private final BiConsumer<? super @Nullable T, ? super @Nullable Throwable> done;
        private final long begun = runtime.monotonicNanos();
        private long pause = FIRST_PAUSE_NANOS;

        Attempt(int stripe, Work<T> work, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> done) {
            this.stripe = stripe;
            this.work = work;
            this.done = done;
        }

        void proceed() {
            T result = null;
            Throwable error = null;
            try {
                if (amongProcesses) {
                    FileLock lock = tryBriefly();
                    if (lock == null) {
                        tryLater();
                        return;
                    }
                    result = runAndRelease(lock);
                } else {
                    result = work.run();
                }
            } catch (Throwable e) {
                error = e;
            }
            locks.stripes().release(stripe);
            done.accept(result, error);
        }

        private T runAndRelease(FileLock lock) throws IOException {
            T result;
            try {
                result = work.run();
            } catch (Throwable e) {
                release(lock, e);
                throw e;
            }
            try {
                lock.release();
            } catch (IOException e) {
                // The lock was gone before: somebody else may have worked under it too.
                throw new NotDurableException("the lock was lost", true, e);
            }
            return result;
        }

        private void release(FileLock lock, Throwable after) {
            try {
                lock.release();
            } catch (IOException e) {
                after.addSuppressed(e);
            }
        }

        private @Nullable FileLock tryBriefly() throws IOException {
            FileLock lock = locks.tryLock(stripe);
            while (lock == null && pause < FIRST_PAUSE_NANOS << TRIES_ON_THE_THREAD) {
                LockSupport.parkNanos(pause);
                pause *= 2;
                lock = locks.tryLock(stripe);
            }
            return lock;
        }

        private void tryLater() {
            if (runtime.monotonicNanos() - begun >= waitNanos) {
                throw new ThrottledException(
                        LocalFsErrors.BACKEND,
                        "Another process has held the lock of the row (stripe " + stripe + ") for longer than "
                                + Duration.ofNanos(waitNanos)
                                + ". Nothing was changed. See whether a process stands still, then repeat it.",
                        Determinacy.NOT_APPLIED);
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
            runtime.timers().schedule(() -> io.execute(this::proceed), pause, TimeUnit.NANOSECONDS);
        }
    }
}
