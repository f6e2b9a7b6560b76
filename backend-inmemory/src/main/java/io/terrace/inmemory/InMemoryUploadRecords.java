// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static java.util.Objects.requireNonNull;

import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecord.State;
import io.terrace.spi.UploadRecords;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The uploads of a change log in memory. All of them are due, as its entries are. */
final class InMemoryUploadRecords implements UploadRecords {

    private final Held<EntryTable> table;

    InMemoryUploadRecords(Held<EntryTable> table) {
        this.table = table;
    }

    @Override
    public Mono<Boolean> begin(UploadRecord record) {
        requireNonNull(record, "record");
        return table.call(entries -> {
            if (record.state() != State.OPEN) {
                return Mono.error(new IllegalArgumentException("An upload begins OPEN, not " + record.state() + "."));
            }
            return Mono.just(entries.begin(record));
        });
    }

    @Override
    public Mono<UploadRecord> get(EntryId id) {
        requireNonNull(id, "id");
        return table.call(entries -> Mono.justOrEmpty(entries.upload(id)));
    }

    @Override
    public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
        requireNonNull(expected, "expected");
        requireNonNull(next, "next");
        return table.call(entries -> {
            next.requireNextOf(expected);
            return Mono.just(entries.replace(expected, next));
        });
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        requireNonNull(id, "id");
        return table.call(entries -> {
            entries.remove(id, UploadRecord.class);
            return Mono.empty();
        });
    }

    @Override
    public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
        requireNonNull(scope, "scope");
        return table.stream(
                entries -> entries.uploads().filter(upload -> upload.startedMicros() < startedBeforeMicros));
    }
}
