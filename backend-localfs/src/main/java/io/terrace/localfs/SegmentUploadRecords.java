// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static java.util.Objects.requireNonNull;

import io.terrace.localfs.LogState.Held;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.UploadRecords;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The uploads of a change log in a file. Each change writes the record anew: it is small, and changes a few times only. */
final class SegmentUploadRecords implements UploadRecords {

    private final SegmentChangeLog log;
    private final LogState state;
    private final LogWriter writer;

    SegmentUploadRecords(SegmentChangeLog log, LogState state, LogWriter writer) {
        this.log = log;
        this.state = state;
        this.writer = writer;
    }

    @Override
    public Mono<Boolean> begin(UploadRecord record) {
        requireNonNull(record, "record");
        return writer.call("beginning the upload " + record.id(), batch -> {
            if (record.state() != State.OPEN) {
                throw new IllegalArgumentException("An upload begins OPEN, not " + record.state() + ".");
            }
            UploadRecord found = batch.upload(record.id());
            if (found != null || batch.get(record.id()) != null) {
                return record.equals(found);
            }
            log.checkRoom(batch);
            batch.add(new LogRecord.Upload(record));
            return true;
        });
    }

    @Override
    public Mono<UploadRecord> get(EntryId id) {
        requireNonNull(id, "id");
        return log.read(() -> {
            Held held = state.get(id);
            return held == null ? null : held.upload();
        });
    }

    @Override
    public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
        requireNonNull(expected, "expected");
        requireNonNull(next, "next");
        return writer.call("changing the upload " + expected.id(), batch -> {
            next.requireNextOf(expected);
            UploadRecord found = batch.upload(next.id());
            if (expected.equals(found)) {
                batch.add(new LogRecord.Upload(next));
                return true;
            }
            return next.equals(found);
        });
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        requireNonNull(id, "id");
        return writer.call("removing the upload " + id, batch -> {
            if (batch.upload(id) != null) {
                batch.add(new LogRecord.Remove(id));
            }
            return null;
        });
    }

    @Override
    public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
        requireNonNull(scope, "scope");
        return Flux.defer(() -> {
            log.checkOpen();
            return Flux.fromIterable(state.entries())
                    .mapNotNull(Held::upload)
                    .filter(upload -> upload.startedMicros() < startedBeforeMicros);
        });
    }
}
