// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Writes: one thread takes whatever calls have come, decides them one after another, writes them in one go, and has them
 * answered. It never waits for more to come; what comes while it writes is the next batch. So rows need no locks, and calls
 * share the wait for the disk.
 *
 * <p>Answers are given on threads of their own, so that a subscriber that blocks holds up neither the writing nor, while
 * another of these threads is free, the other answers.
 */
final class Committer {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** A batch ends when it has grown to this, so that nobody waits for a write of any length. */
    private static final int BATCH_BYTES = 4 << 20;

    private static final int ANSWER_THREADS = 2;

    private final Database database;
    private final WriteStep step;
    private final Limit limit;
    private final Uses uses;
    private final Fuse fuse = new Fuse();
    private final Queue<Call<?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Workers answers = new Workers("answers", ANSWER_THREADS);
    private volatile @Nullable Thread thread;

    Committer(Database database, WriteStep step, Limit limit) {
        this.database = database;
        this.step = step;
        this.limit = limit;
        this.uses = new Uses(this::wake);
    }

    /** @param atTheEnd run on the committer's thread when nobody uses the database any more; may block */
    void start(Runnable atTheEnd) {
        thread = Workers.start("terrace-" + RocksDbErrors.BACKEND + "-committer", () -> run(atTheEnd));
    }

    Uses uses() {
        return uses;
    }

    Fuse fuse() {
        return fuse;
    }

    /**
     * Makes a change, or finds that none is needed. Cancelled before it is decided, it is not made.
     *
     * @param what for an error
     * @param preparation makes the operation, on the caller's thread
     */
    <T> Mono<T> submit(Supplier<String> what, Supplier<Operation<T>> preparation) {
        return Mono.create(sink -> {
            fuse.check();
            Call<T> call = new Call<>(what, preparation.get(), sink);
            sink.onCancel(() -> call.cancelled = true);
            uses.hold();
            try {
                limit.begin();
            } catch (RuntimeException full) {
                uses.release();
                throw full;
            }
            calls.add(call);
            if (pending.getAndIncrement() == 0) {
                wake();
            }
        });
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run(Runnable atTheEnd) {
        while (!uses.isOver()) {
            if (pending.get() > 0) {
                commit();
            } else {
                LockSupport.park(this);
                // An interrupt means nothing here, and would keep the thread from parking.
                Thread.interrupted();
            }
        }
        answers.stop();
        atTheEnd.run();
    }

    private void commit() {
        List<Call<?>> taken = new ArrayList<>();
        long written = 0;
        try (Batch batch = new Batch(database)) {
            for (Call<?> next = calls.poll(); next != null; next = batch.bytes() < BATCH_BYTES ? calls.poll() : null) {
                taken.add(next);
                next.decide(batch, fuse);
            }
            if (!batch.isEmpty()) {
                step.run(() -> database.write(batch.writes()));
                written = batch.bytes();
            }
        } catch (Throwable e) {
            fuse.blow(e);
            taken.forEach(call -> call.fail(e));
        }
        pending.addAndGet(-taken.size());
        answers.execute(taken, this::answer);
        tend(written);
        taken.forEach(call -> uses.release());
    }

    private void tend(long written) {
        try {
            database.wrote(written);
        } catch (RocksDBException e) {
            // What was written is written, and room is given back later. If the disk is to blame, the next write will
            // say so.
            LOG.warn("Room on the disk is not given back: {}", RocksDbErrors.describe(e));
        }
    }

    private void answer(Call<?> call) {
        // First room for the next call: whoever has an answer may make one at once.
        limit.end();
        call.answer();
    }

    /** A call on its way. */
    private static final class Call<T> {
        private final Supplier<String> what;
        private final Operation<T> operation;
        private final MonoSink<T> sink;
        private volatile boolean cancelled;
        private @Nullable T result;
        private @Nullable Throwable error;

        Call(Supplier<String> what, Operation<T> operation, MonoSink<T> sink) {
            this.what = what;
            this.operation = operation;
            this.sink = sink;
        }

        void decide(Batch batch, Fuse fuse) throws RocksDBException {
            if (cancelled) {
                return;
            }
            try {
                fuse.check();
                result = operation.decide(batch);
            } catch (RuntimeException e) {
                error = e;
            }
        }

        void fail(Throwable failure) {
            if (error == null) {
                error = RocksDbErrors.ofWrite(what.get(), failure);
            }
        }

        void answer() {
            if (cancelled) {
                return;
            }
            if (error == null) {
                sink.success(result);
            } else {
                sink.error(error);
            }
        }
    }
}
