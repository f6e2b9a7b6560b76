// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.ObjectId;
import io.terrace.localfs.DurableFiles.Temporary;
import io.terrace.localfs.RowChanges.Decision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Carries out changes of rows: lock, look, decide, rename, force the directory, unlock, answer.
 *
 * <p>A blind put writes and forces its file before it takes the lock, so that it holds it briefly. Everything else looks
 * first: what a refused compare-and-set had prepared would be thrown away, and the time it took would be one more chance
 * to be refused.
 */
final class RowUpdates {

    private final Layout layout;
    private final IoThreads io;
    private final Locked locked;
    private final Fuse fuse = new Fuse();

    RowUpdates(Layout layout, IoThreads io, Locked locked) {
        this.layout = layout;
        this.io = io;
        this.locked = locked;
    }

    /** Looks at the row's file, under the lock, and decides. */
    interface Rule<T> {
        Decision<T> decide(Path path) throws IOException;
    }

    /** Looks at the row's file, under the lock, and says whether it is to go. */
    interface Condition {
        boolean holds(Path path, ObjectId id) throws IOException;
    }

    /** Makes what a blind put writes, when it is subscribed to. */
    interface Preparation<T> {
        Prepared<T> make();
    }

    /**
     * A put that knows its bytes before it has looked.
     *
     * @param content the bytes
     * @param rule decides whether they are written
     */
    record Prepared<T>(List<ByteBuffer> content, Rule<T> rule) {}

    /** Writes first, then looks whether it may count. */
    <T> Mono<T> put(ObjectId id, Preparation<T> preparation) {
        return start(id, false, "writing the row of " + id, () -> {
            Prepared<T> prepared = preparation.make();
            Temporary file = layout.files().stage(prepared.content());
            return new Put<>(prepared.rule(), file);
        });
    }

    /** Looks first, then writes. */
    <T> Mono<T> change(ObjectId id, boolean conditional, Rule<T> rule) {
        return start(id, conditional, "writing the row of " + id, () -> path -> {
            Decision<T> decision = rule.decide(path);
            if (decision.content() != null) {
                replace(layout.files().stage(decision.content()), path);
            }
            return decision.outcome();
        });
    }

    /** Removes a row's file if the condition holds. */
    Mono<Boolean> remove(ObjectId id, Condition condition) {
        return start(id, true, "collecting the row of " + id, () -> path -> {
            if (!condition.holds(path, id)) {
                return false;
            }
            locked.checkStillHeld();
            return layout.files().remove(path);
        });
    }

    Fuse fuse() {
        return fuse;
    }

    private void replace(Temporary file, Path path) throws IOException {
        try {
            locked.checkStillHeld();
            fuse.check();
        } catch (RuntimeException e) {
            file.discard();
            throw e;
        }
        layout.files().replace(file, path);
    }

    /** What happens under the lock. */
    private interface Step<T> {
        T run(Path path) throws IOException;

        default void close() {}
    }

    private final class Put<T> implements Step<T> {
        private final Rule<T> rule;
        private final Temporary file;

        Put(Rule<T> rule, Temporary file) {
            this.rule = rule;
            this.file = file;
        }

        @Override
        public T run(Path path) throws IOException {
            Decision<T> decision = rule.decide(path);
            if (decision.content() != null) {
                replace(file, path);
            }
            return decision.outcome();
        }

        /** What was written for nothing. */
        @Override
        public void close() {
            file.discard();
        }
    }

    private interface Start<T> {
        Step<T> make() throws IOException;
    }

    private <T> Mono<T> start(ObjectId id, boolean conditional, String what, Start<T> start) {
        requireNonNull(id, "id");
        return Mono.create(sink -> {
            fuse.check();
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> cancelled.set(true));
            io.begin();
            io.execute(() -> {
                // Nothing has happened yet, so nothing need happen (HV-1.5).
                if (cancelled.get()) {
                    io.end();
                } else {
                    begin(id, conditional, what, start, sink);
                }
            });
        });
    }

    private <T> void begin(ObjectId id, boolean conditional, String what, Start<T> start, MonoSink<T> sink) {
        Step<T> step;
        try {
            step = start.make();
        } catch (Throwable e) {
            finish(what, sink, null, e);
            return;
        }
        Path path = StorePaths.row(layout.rows(), id);
        locked.run(StorePaths.stripe(id), conditional, () -> step.run(path), (result, error) -> {
            step.close();
            finish(what, sink, result, error);
        });
    }

    private <T> void finish(String what, MonoSink<T> sink, @Nullable T result, @Nullable Throwable error) {
        io.end();
        if (error == null) {
            sink.success(result);
        } else {
            sink.error(error instanceof IOException e ? fuse.judge(what, e) : error);
        }
    }
}
