// SPDX-License-Identifier: Apache-2.0
package com.example.journal;

import io.terrace.Health;
import io.terrace.spi.RowListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The rows in memory, and the one thread that changes them: first in the file, then in the map. */
final class Journal {

    /**
     * What an operation decides about a row.
     *
     * @param next the row to put in its place, or {@code null} to leave it
     * @param answer what the caller learns
     */
    record Decision<T>(@Nullable StoredRow next, T answer) {}

    private final Path directory;
    final JournalFile file;
    private final NavigableMap<String, StoredRow> rows = new ConcurrentSkipListMap<>(RowListing.ORDER);
    private final Sinks.Empty<Void> released = Sinks.empty();
    private final ThreadPoolExecutor writer;
    private volatile boolean closed;
    /** Of the writer's thread alone. */
    private boolean broken;

    /** Blocks while it reads the file. */
    Journal(Path directory, boolean fsync, int waiting, long nowMicros) throws IOException {
        this.directory = directory;
        this.file = JournalFile.open(directory, fsync, rows, nowMicros);
        this.writer =
                new ThreadPoolExecutor(
                        1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), Journal::newThread) {
                    @Override
                    protected void terminated() {
                        release();
                    }
                };
        writer.prestartCoreThread();
    }

    /** The rows as they are now; every change that was answered is among them. */
    NavigableMap<String, StoredRow> rows() {
        if (closed) {
            throw JournalErrors.closed();
        }
        return rows;
    }

    /** Decides on the present row and carries that out. One decision at a time, so that no row changes in between. */
    <T> Mono<T> change(String path, Function<@Nullable StoredRow, Decision<T>> rule) {
        return call(() -> {
            if (broken) {
                throw JournalErrors.broken(directory);
            }
            Decision<T> decision = rule.apply(rows.get(path));
            StoredRow next = decision.next();
            if (next != null) {
                append(next.encode());
                rows.put(path, next);
            }
            return decision.answer();
        });
    }

    Mono<Health> check() {
        return call(() -> broken
                        ? Health.down("an earlier write to " + directory + " failed")
                        : Health.up(file.size() + " bytes in " + directory))
                .onErrorResume(refused -> Mono.just(Health.down(String.valueOf(refused.getMessage()))));
    }

    /** What waits already is carried out; what comes later is refused. */
    Mono<Void> closeLater() {
        return Mono.defer(() -> {
            closed = true;
            writer.shutdown();
            return released.asMono();
        });
    }

    /** A record that may be there in part stays the last one: what came after it could not be read. */
    private void append(ByteBuffer record) throws IOException {
        broken = true;
        file.append(record);
        broken = false;
    }

    /**
     * Runs it on the writer's thread. Not with {@code subscribeOn}: on cancel that interrupts the thread, and a file channel
     * closes itself when its thread is interrupted. A cancelled call is carried out all the same (HV-1.5).
     */
    private <T> Mono<T> call(Callable<T> step) {
        return Mono.create(sink -> {
            try {
                writer.execute(() -> {
                    try {
                        sink.success(step.call());
                    } catch (Throwable failed) {
                        sink.error(JournalErrors.of(directory, failed));
                    }
                });
            } catch (RejectedExecutionException refused) {
                sink.error(closed ? JournalErrors.closed() : JournalErrors.busy());
            }
        });
    }

    private void release() {
        try {
            file.close();
            released.tryEmitEmpty();
        } catch (IOException failed) {
            released.tryEmitError(JournalErrors.of(directory, failed));
        }
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "journal");
        thread.setDaemon(true);
        return thread;
    }
}
