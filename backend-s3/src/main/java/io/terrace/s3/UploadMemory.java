// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import io.terrace.AtCapacityException;
import io.terrace.Determinacy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The bytes that all uploads together may hold. Who finds none left waits, first come first served. Nobody waits while he
 * holds what he cannot give back without more: an upload asks for a part at a time, and sends what it has whatever comes.
 */
final class UploadMemory {

    private static final int MOST_WAITING = 10_000;

    private final long limit;
    private long free;
    private final Deque<Waiting> queue = new ArrayDeque<>();

    UploadMemory(long limit) {
        this.limit = limit;
        this.free = limit;
    }

    private record Waiting(Share share, long bytes, MonoSink<Void> sink) {}

    /** What one upload holds; to be closed when it ends, however that is. */
    Share share() {
        return new Share();
    }

    synchronized long used() {
        return limit - free;
    }

    /** The bytes of one upload. */
    final class Share {
        // Guarded by the memory's lock.
        private long held;
        private boolean closed;

        /** Completes when the bytes may be used. On cancel: they are not waited for any more. */
        Mono<Void> take(long bytes) {
            return Mono.create(sink -> {
                // More than there ever is would wait for ever.
                Waiting waiting = new Waiting(this, Math.min(bytes, limit), sink);
                sink.onCancel(() -> leave(waiting));
                enter(waiting);
            });
        }

        void giveBack(long bytes) {
            change(() -> {
                long returned = Math.min(Math.min(bytes, limit), held);
                held -= returned;
                free += returned;
            });
        }

        void close() {
            change(() -> {
                closed = true;
                free += held;
                held = 0;
            });
        }
    }

    private void enter(Waiting waiting) {
        boolean full;
        synchronized (this) {
            full = queue.size() >= MOST_WAITING;
            if (!full) {
                queue.add(waiting);
            }
        }
        if (full) {
            waiting.sink.error(new AtCapacityException(
                    S3Errors.BACKEND,
                    "Too many uploads wait for memory. Raise 'upload-memory', or start fewer at a time.",
                    Determinacy.NOT_APPLIED));
        } else {
            change(() -> {});
        }
    }

    private void leave(Waiting waiting) {
        change(() -> queue.remove(waiting));
    }

    private void change(Runnable step) {
        List<Waiting> served = new ArrayList<>();
        synchronized (this) {
            step.run();
            for (Waiting next = queue.peek(); next != null && (next.share.closed || next.bytes <= free); ) {
                queue.remove();
                if (!next.share.closed) {
                    free -= next.bytes;
                    next.share.held += next.bytes;
                    served.add(next);
                }
                next = queue.peek();
            }
        }
        served.forEach(waiting -> waiting.sink.success());
    }
}
