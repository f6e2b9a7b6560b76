// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.Pins;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.WriteId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class InterceptedChangeLog extends InterceptedBackend<ChangeLog> implements ChangeLog {

    InterceptedChangeLog(ChangeLog delegate, SpiInterceptor interceptor) {
        super(BackendRole.CHANGE_LOG, delegate, interceptor);
    }

    @Override
    public Mono<Void> append(ChangeEntry entry) {
        return call(SpiOperation.LOG_APPEND, entry.id().toString(), delegate.append(entry));
    }

    @Override
    public Mono<ChangeEntry> get(EntryId id) {
        return call(SpiOperation.LOG_GET, id.toString(), delegate.get(id));
    }

    @Override
    public Mono<Void> remove(EntryId id) {
        return call(SpiOperation.LOG_REMOVE, id.toString(), delegate.remove(id));
    }

    @Override
    public Mono<ClaimOutcome> claim(EntryId id) {
        return call(SpiOperation.LOG_CLAIM, id.toString(), delegate.claim(id));
    }

    @Override
    public Mono<Boolean> rebase(EntryId id, WriteId base) {
        return call(SpiOperation.LOG_REBASE, id.toString(), delegate.rebase(id, base));
    }

    @Override
    public Mono<Void> defer(EntryId id, List<BlobId> oldBlobs) {
        return call(SpiOperation.LOG_DEFER, id.toString(), delegate.defer(id, oldBlobs));
    }

    @Override
    public Flux<ChangeEntry> scan(ScanScope scope) {
        return stream(SpiOperation.LOG_SCAN, scope.toString(), delegate.scan(scope));
    }

    @Override
    public Mono<Set<BlobId>> referenced(Collection<BlobId> blobs) {
        return call(SpiOperation.LOG_REFERENCED, "", delegate.referenced(blobs));
    }

    @Override
    public Pins pins() {
        return new SeenPins(delegate.pins());
    }

    @Override
    public UploadRecords uploads() {
        return new SeenUploads(delegate.uploads());
    }

    @Override
    <F> F intercept(Class<F> type, F facet) {
        return facet;
    }

    private final class SeenPins implements Pins {
        private final Pins pins;

        SeenPins(Pins pins) {
            this.pins = pins;
        }

        @Override
        public Mono<Void> pin(String name) {
            return call(SpiOperation.PIN, name, pins.pin(name));
        }

        @Override
        public Mono<Void> unpin(String name) {
            return call(SpiOperation.UNPIN, name, pins.unpin(name));
        }

        @Override
        public Mono<Boolean> any() {
            return call(SpiOperation.PIN_ANY, "", pins.any());
        }

        @Override
        public Flux<String> list() {
            return stream(SpiOperation.PIN_LIST, "", pins.list());
        }
    }

    private final class SeenUploads implements UploadRecords {
        private final UploadRecords uploads;

        SeenUploads(UploadRecords uploads) {
            this.uploads = uploads;
        }

        @Override
        public Mono<Boolean> begin(UploadRecord record) {
            return call(SpiOperation.RECORD_BEGIN, record.id().toString(), uploads.begin(record));
        }

        @Override
        public Mono<UploadRecord> get(EntryId id) {
            return call(SpiOperation.RECORD_GET, id.toString(), uploads.get(id));
        }

        @Override
        public Mono<Boolean> replace(UploadRecord expected, UploadRecord next) {
            return call(SpiOperation.RECORD_REPLACE, expected.id().toString(), uploads.replace(expected, next));
        }

        @Override
        public Mono<Void> remove(EntryId id) {
            return call(SpiOperation.RECORD_REMOVE, id.toString(), uploads.remove(id));
        }

        @Override
        public Flux<UploadRecord> scan(ScanScope scope, long startedBeforeMicros) {
            return stream(SpiOperation.RECORD_SCAN, scope.toString(), uploads.scan(scope, startedBeforeMicros));
        }
    }
}
