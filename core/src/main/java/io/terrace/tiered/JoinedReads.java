// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.MultiRowReads.FoundRow;
import io.terrace.spi.Row;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.JoinedRequest.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Row reads of many operations, several in one request. None waits for company while the tier is idle: what has come by the
 * time that a timer thread looks goes out together, and what comes while a request is under way goes with the next one.
 *
 * <p>As many reads as operations of bulk work may run can wait here, and no more: each has at most one.
 */
final class JoinedReads {

    /** Requests under way at a time. */
    static final int MOST_REQUESTS = 4;

    /** When reads that wait for a request that stands still, or for a slow one, go beside it. */
    static final Duration PATIENCE = Duration.ofMillis(100);

    private final HighVolumeBackend rows;
    private final MultiRowReads reads;
    private final RowProjection projection;
    private final TerraceRuntime runtime;

    // All of these are guarded by this.
    private final Set<Reader> waiting = new LinkedHashSet<>();
    private int underWay;
    private boolean drainScheduled;
    private boolean timerSet;
    private long lastSentNanos;

    JoinedReads(HighVolumeBackend rows, MultiRowReads reads, RowProjection projection, TerraceRuntime runtime) {
        this.rows = rows;
        this.reads = reads;
        this.projection = projection;
        this.runtime = runtime;
    }

    /** The row; empty if there is none. It is read at some moment after the subscription. */
    Mono<Row> read(ObjectId id) {
        return Mono.create(sink -> {
            Reader reader = new Reader(id, sink);
            sink.onCancel(() -> leave(reader));
            join(reader);
        });
    }

    private void join(Reader reader) {
        boolean drain;
        synchronized (this) {
            if (reader.hasLeft()) {
                return;
            }
            waiting.add(reader);
            drain = mustDrain();
        }
        if (drain) {
            scheduleDrain();
        }
    }

    /** A request that is under way is left to the others, and ends when there are none. */
    private void leave(Reader reader) {
        JoinedRequest request;
        synchronized (this) {
            request = reader.leave();
            waiting.remove(reader);
        }
        if (request != null && request.isAbandonedBy(reader)) {
            request.cancel();
        }
    }

    private void ended() {
        boolean drain;
        synchronized (this) {
            underWay--;
            drain = mustDrain();
        }
        if (drain) {
            scheduleDrain();
        }
    }

    /** Elsewhere: whoever asks has not asked for everything yet, and whoever was answered may ask for more. */
    private void scheduleDrain() {
        runtime.timers().schedule(() -> drain(false));
    }

    private boolean mustDrain() {
        if (drainScheduled || !maySend(false)) {
            setTimer();
            return false;
        }
        drainScheduled = true;
        return true;
    }

    private boolean maySend(boolean besideSlowOnes) {
        if (waiting.isEmpty() || underWay >= MOST_REQUESTS) {
            return false;
        }
        return underWay == 0 || besideSlowOnes || waiting.size() >= reads.maxRows();
    }

    private void drain(boolean besideSlowOnes) {
        List<JoinedRequest> requests = new ArrayList<>();
        synchronized (this) {
            if (!besideSlowOnes) {
                drainScheduled = false;
            }
            while (maySend(besideSlowOnes)) {
                requests.add(next());
            }
            setTimer();
        }
        requests.forEach(JoinedRequest::send);
    }

    private JoinedRequest next() {
        List<Reader> readers = new ArrayList<>(Math.min(waiting.size(), reads.maxRows()));
        Iterator<Reader> first = waiting.iterator();
        while (first.hasNext() && readers.size() < reads.maxRows()) {
            readers.add(first.next());
            first.remove();
        }
        underWay++;
        lastSentNanos = runtime.monotonicNanos();
        return new JoinedRequest(rowsOf(readers), readers, this::ended);
    }

    /** So that reads wait behind a request that stands still for no longer than they must. */
    private void setTimer() {
        if (!timerSet && !waiting.isEmpty() && underWay > 0 && underWay < MOST_REQUESTS) {
            timerSet = true;
            long left = lastSentNanos + PATIENCE.toNanos() - runtime.monotonicNanos();
            // At least a nanosecond: a scheduler may run what is due at once, here, under the lock.
            runtime.timers().schedule(this::lookAgain, Math.max(1, left), TimeUnit.NANOSECONDS);
        }
    }

    private void lookAgain() {
        synchronized (this) {
            timerSet = false;
            if (runtime.monotonicNanos() - lastSentNanos < PATIENCE.toNanos()) {
                // Another one has been sent since.
                setTimer();
                return;
            }
        }
        drain(true);
    }

    /** One read alone is no more than a read. */
    private Flux<FoundRow> rowsOf(List<Reader> readers) {
        if (readers.size() == 1) {
            ObjectId id = readers.get(0).id();
            return Flux.defer(() -> rows.read(id, projection).map(row -> new FoundRow(id, row)));
        }
        Set<ObjectId> ids = readers.stream().map(Reader::id).collect(Collectors.toCollection(LinkedHashSet::new));
        return Flux.defer(() -> reads.readAll(ids, projection));
    }
}
