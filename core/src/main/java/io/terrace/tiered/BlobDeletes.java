// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.spi.BlobId;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.Retries;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.BlobDeleteRequest.Deletion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Deletes blobs for all of a store, several in one request if the tier can. What comes while nothing is being deleted
 * goes out as soon as a timer thread looks. What comes while a request is under way goes with the next one: when that one
 * has ended, and no sooner than a moment after it was sent, so that a stream of deletions is a few requests a second. Whether
 * a blob may be deleted was decided before, and whoever asked hears that it is gone before he forgets it.
 *
 * <p>What waits here is bounded by who asks: work behind answers by {@link Settings#BACKGROUND_LIMIT}, each with the few
 * blobs of one entry, and maintenance by {@link Settings#MAINTENANCE_CONCURRENCY}.
 */
final class BlobDeletes {

    /** Requests under way at a time, of those that are full; one that is not full goes alone. */
    static final int MOST_REQUESTS = 4;

    /** The least time between two requests of a stream, unless they are full. */
    static final Duration PACE = Duration.ofMillis(50);

    /** How long a request may hold up others: one that stands still for longer is counted no more. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final LongTermBackend blobs;
    private final @Nullable MultiBlobDeletes many;
    private final Retries retries;
    private final TerraceRuntime runtime;
    private final int most;

    // All of these are guarded by this.
    private final Set<Deletion> waiting = new LinkedHashSet<>();
    private int underWay;
    private long lastSentNanos;
    private boolean drainScheduled;
    private boolean pausing;

    /** @param retries of the tier; a request earns and spends as one step, however many blobs it is about */
    BlobDeletes(LongTermBackend blobs, Retries retries, TerraceRuntime runtime) {
        this.blobs = blobs;
        this.many = blobs.facet(MultiBlobDeletes.class).orElse(null);
        this.retries = retries;
        this.runtime = runtime;
        this.most = many == null ? 1 : many.maxBlobs();
    }

    /** Deletes a blob, with repetitions. Cancelled: the blob may or may not be gone, and others are deleted still. */
    Mono<Void> delete(BlobId blob) {
        if (many == null) {
            return retries.of(blobs.delete(blob));
        }
        return Mono.create(sink -> {
            Deletion deletion = new Deletion(blob, sink);
            sink.onCancel(() -> leave(deletion));
            join(deletion);
        });
    }

    private void join(Deletion deletion) {
        boolean drain;
        synchronized (this) {
            if (deletion.hasLeft()) {
                return;
            }
            waiting.add(deletion);
            drain = mustDrain();
        }
        if (drain) {
            scheduleDrain();
        }
    }

    private void leave(Deletion deletion) {
        BlobDeleteRequest request;
        synchronized (this) {
            request = deletion.leave();
            waiting.remove(deletion);
        }
        if (request != null) {
            request.withdraw(deletion);
        }
    }

    /** Elsewhere: whoever asks may be about to ask for more, and whoever was answered, too. */
    private void scheduleDrain() {
        runtime.timers().schedule(this::drain);
    }

    private boolean mustDrain() {
        if (drainScheduled || !maySend()) {
            return false;
        }
        drainScheduled = true;
        return true;
    }

    private boolean maySend() {
        if (waiting.size() >= most) {
            return underWay < MOST_REQUESTS;
        }
        return !waiting.isEmpty() && underWay == 0 && !pausing;
    }

    private void drain() {
        List<BlobDeleteRequest> requests = new ArrayList<>();
        synchronized (this) {
            drainScheduled = false;
            while (maySend()) {
                requests.add(next());
            }
        }
        requests.forEach(this::send);
    }

    private BlobDeleteRequest next() {
        List<Deletion> deletions = new ArrayList<>(Math.min(waiting.size(), most));
        Iterator<Deletion> first = waiting.iterator();
        while (first.hasNext() && deletions.size() < most) {
            deletions.add(first.next());
            first.remove();
        }
        underWay++;
        lastSentNanos = runtime.monotonicNanos();
        return new BlobDeleteRequest(blobs, Objects.requireNonNull(many), deletions, this::makeRoom);
    }

    private void send(BlobDeleteRequest request) {
        request.makesRoomAtTheLatest(
                runtime.timers().schedule(request::makeRoom, PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
        request.send(retries);
    }

    private void makeRoom() {
        boolean drain;
        synchronized (this) {
            underWay--;
            pauseIfBusy();
            drain = mustDrain();
        }
        if (drain) {
            scheduleDrain();
        }
    }

    private void pauseIfBusy() {
        long left = lastSentNanos + PACE.toNanos() - runtime.monotonicNanos();
        if (left > 0 && underWay == 0 && !waiting.isEmpty() && !pausing) {
            pausing = true;
            // Not run here and now, under the lock, since it has a delay.
            runtime.timers().schedule(this::goOn, left, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn() {
        synchronized (this) {
            pausing = false;
        }
        drain();
    }
}
