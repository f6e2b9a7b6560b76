// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectId;
import io.terrace.spi.MultiRowReads.FoundRow;
import io.terrace.spi.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;

/** One request for the rows of several readers. Each row goes on as it comes, so nothing is kept here. */
final class JoinedRequest extends BaseSubscriber<FoundRow> {

    private final Flux<FoundRow> rows;
    private final Runnable ended;

    /** Those who have no answer yet. Guarded by itself. */
    private final Map<ObjectId, List<Reader>> readers = new LinkedHashMap<>();

    /** @param ended told once, when each reader has its answer, or all have left */
    JoinedRequest(Flux<FoundRow> rows, List<Reader> readers, Runnable ended) {
        this.rows = rows;
        this.ended = ended;
        for (Reader reader : readers) {
            this.readers.computeIfAbsent(reader.id, id -> new ArrayList<>(1)).add(reader);
            reader.request = this;
        }
    }

    void send() {
        if (!isDisposed()) {
            rows.subscribe(this);
        }
    }

    /** Whether nobody is left when this reader has gone. */
    boolean isAbandonedBy(Reader reader) {
        synchronized (readers) {
            List<Reader> alike = readers.get(reader.id);
            if (alike == null || !alike.remove(reader)) {
                return false;
            }
            if (alike.isEmpty()) {
                readers.remove(reader.id);
            }
            return readers.isEmpty();
        }
    }

    @Override
    protected void hookOnNext(FoundRow found) {
        List<Reader> alike;
        synchronized (readers) {
            alike = readers.remove(found.id());
        }
        if (alike != null) {
            boolean shared = alike.size() > 1;
            alike.forEach(reader -> reader.sink.success(shared ? ownOf(found.row()) : found.row()));
        }
    }

    /** A payload is its reader's own, or read-only: several readers have neither content nor position in common. */
    private static Row ownOf(Row row) {
        ByteBuffer payload = row.payload();
        return payload == null ? row : new Row(row.head(), payload.asReadOnlyBuffer());
    }

    @Override
    protected void hookOnComplete() {
        rest().forEach(absent -> absent.sink.success());
    }

    @Override
    protected void hookOnError(Throwable error) {
        rest().forEach(reader -> reader.sink.error(error));
    }

    private List<Reader> rest() {
        synchronized (readers) {
            List<Reader> rest = readers.values().stream().flatMap(List::stream).toList();
            readers.clear();
            return rest;
        }
    }

    @Override
    protected void hookFinally(SignalType type) {
        ended.run();
    }

    /** Somebody who waits for a row. What it has besides is guarded by the {@link JoinedReads}. */
    static final class Reader {
        private final ObjectId id;
        private final MonoSink<Row> sink;
        private @Nullable JoinedRequest request;
        private boolean left;

        Reader(ObjectId id, MonoSink<Row> sink) {
            this.id = Objects.requireNonNull(id, "id");
            this.sink = sink;
        }

        ObjectId id() {
            return id;
        }

        boolean hasLeft() {
            return left;
        }

        /** Answers with the request that it is part of, if there is one. */
        @Nullable
        JoinedRequest leave() {
            left = true;
            return request;
        }
    }
}
