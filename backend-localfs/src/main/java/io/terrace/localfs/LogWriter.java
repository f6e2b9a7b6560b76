// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Writes the log: one thread takes whatever calls have come, decides them one after another, writes and forces once, and
 * answers all. It never waits for more to come; what comes while it writes is the next batch.
 */
final class LogWriter {

    /** A batch ends when it has grown to this, so that nobody waits for a write of any length. */
    private static final int BATCH_BYTES = 1 << 20;

    private final Path directory;
    private final DurableFiles files;
    private final LogState state;
    private final long compactionBytes;
    private final IoThreads writer;
    private final IoThreads answers;
    private final Fuse fuse = new Fuse();
    private final Queue<Call<?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** The writer thread's. */
    private LogSegment segment;

    private long compactAt;

    LogWriter(
            Path directory,
            DurableFiles files,
            LogState state,
            LogSegment segment,
            IoThreads writer,
            IoThreads answers,
            long compactionBytes) {
        this.directory = directory;
        this.files = files;
        this.state = state;
        this.segment = segment;
        this.writer = writer;
        this.answers = answers;
        this.compactionBytes = compactionBytes;
        this.compactAt = nextCompaction();
        // Until the log is finished, see closeLater.
        writer.hold();
    }

    Fuse fuse() {
        return fuse;
    }

    /**
     * Makes a change, or finds that none is needed.
     *
     * @param decision on the writer's thread; adds its record, if any, to the batch and returns the answer
     */
    <T> Mono<T> call(String what, Function<LogBatch, @Nullable T> decision) {
        return Mono.create(sink -> {
            fuse.check();
            Call<T> call = new Call<>(what, decision, sink);
            sink.onCancel(() -> call.cancelled = true);
            writer.begin();
            calls.add(call);
            if (pending.getAndIncrement() == 0) {
                writer.execute(this::writeBatch);
            }
        });
    }

    private void writeBatch() {
        List<Call<?>> taken = new ArrayList<>();
        LogBatch batch = new LogBatch(state, segment.synced());
        for (Call<?> next = calls.poll(); next != null; next = batch.length() < BATCH_BYTES ? calls.poll() : null) {
            taken.add(next);
            next.decide(batch, fuse);
        }
        try {
            write(batch);
        } catch (IOException e) {
            taken.forEach(call -> call.fail(e, fuse));
        } catch (Throwable e) {
            NotDurableException unclear =
                    new NotDurableException("writing the log broke off", true, new IOException(e));
            taken.forEach(call -> call.fail(unclear, fuse));
        }
        // First room for the next calls: whoever has an answer may make one at once.
        taken.forEach(call -> writer.leave());
        answers.execute(() -> taken.forEach(Call::answer));
        taken.forEach(call -> writer.release());
        if (segment.end() > compactAt && fuse.reason() == null) {
            compact();
        }
        if (pending.addAndGet(-taken.size()) > 0) {
            writer.execute(this::writeBatch);
        }
    }

    private void write(LogBatch batch) throws IOException {
        if (batch.length() == 0) {
            return;
        }
        segment.append(batch.bytes());
        if (batch.mustBeDurable()) {
            segment.force();
        }
        batch.publish();
    }

    /** Begins a new segment with what is live, when most of the old one is not. */
    private void compact() {
        try {
            LogSegment next = LogSegment.create(directory, segment.number() + 1, state, files);
            LogSegment old = segment;
            segment = next;
            compactAt = nextCompaction();
            old.close();
            files.remove(old.path());
        } catch (IOException e) {
            // The old segment still has everything, unless the new one may have got its name: then the fuse blows. An
            // old
            // file that stays is removed when the log is opened.
            fuse.judge("compacting the change log", e);
            compactAt = segment.end() + compactionBytes;
        }
    }

    private long nextCompaction() {
        return Math.max(compactionBytes, 2 * state.liveBytes());
    }

    /** Lets the calls under way end, notes that all is on the disk, and closes. */
    Mono<Void> closeLater(Runnable last) {
        return writer.closeLater(() -> writer.execute(() -> finish(last))).then(answers.closeLater());
    }

    private void finish(Runnable last) {
        if (writer.hasCalls()) {
            // Admitted before the log was closed, and not answered yet.
            writer.execute(() -> finish(last));
            return;
        }
        try {
            if (fuse.reason() == null) {
                segment.force();
                LogBatch mark = new LogBatch(state, segment.synced());
                mark.add(new LogRecord.Mark());
                segment.append(mark.bytes());
                segment.force();
            }
            segment.close();
        } catch (IOException e) {
            // Everything that was answered had been forced before.
            fuse.judge("closing the change log", e);
        } finally {
            last.run();
            writer.release();
        }
    }

    /** A call on its way. */
    private static final class Call<T> {
        private final String what;
        private final Function<LogBatch, @Nullable T> decision;
        private final MonoSink<T> sink;
        private volatile boolean cancelled;
        private @Nullable T result;
        private @Nullable Throwable error;

        Call(String what, Function<LogBatch, @Nullable T> decision, MonoSink<T> sink) {
            this.what = what;
            this.decision = decision;
            this.sink = sink;
        }

        void decide(LogBatch batch, Fuse fuse) {
            try {
                if (!cancelled) {
                    fuse.check();
                    result = decision.apply(batch);
                }
            } catch (RuntimeException e) {
                error = e;
            }
        }

        void fail(IOException failure, Fuse fuse) {
            if (error == null) {
                error = fuse.judge(what, failure);
            }
        }

        void answer() {
            if (error == null) {
                sink.success(result);
            } else {
                sink.error(error);
            }
        }
    }
}
