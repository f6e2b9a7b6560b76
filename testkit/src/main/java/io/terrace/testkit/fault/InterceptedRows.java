// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.ObjectId;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class InterceptedRows extends InterceptedBackend<HighVolumeBackend> implements HighVolumeBackend {

    InterceptedRows(HighVolumeBackend delegate, SpiInterceptor interceptor) {
        super(BackendRole.HIGH_VOLUME, delegate, interceptor);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return call(SpiOperation.ROW_READ, id.storagePath(), delegate.read(id, projection));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return call(SpiOperation.ROW_PUT, id.storagePath(), delegate.putUnlessTombstone(id, writeId, object));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return call(SpiOperation.ROW_DELETE, id.storagePath(), delegate.deleteUnlessTombstone(id, writeId));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return call(SpiOperation.ROW_CAS, id.storagePath(), delegate.compareAndSet(id, expected, write));
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return call(SpiOperation.ROW_BUMP, id.storagePath(), delegate.bump(id, expected, change));
    }

    @Override
    <F> F intercept(Class<F> type, F facet) {
        if (facet instanceof RowListing listing && type == RowListing.class) {
            RowListing seen = (prefix, after) -> stream(SpiOperation.ROW_SCAN, prefix, listing.scan(prefix, after));
            return type.cast(seen);
        }
        if (facet instanceof MultiRowReads reads && type == MultiRowReads.class) {
            return type.cast(new Reads(reads));
        }
        if (facet instanceof MarkerCollection collection && type == MarkerCollection.class) {
            return type.cast(new Collecting(collection));
        }
        return facet;
    }

    private final class Reads implements MultiRowReads {
        private final MultiRowReads reads;

        Reads(MultiRowReads reads) {
            this.reads = reads;
        }

        @Override
        public int maxRows() {
            return reads.maxRows();
        }

        @Override
        public Flux<FoundRow> readAll(Collection<ObjectId> ids, RowProjection projection) {
            return stream(SpiOperation.ROW_READ_ALL, "", reads.readAll(ids, projection));
        }
    }

    private final class Collecting implements MarkerCollection {
        private final MarkerCollection collection;

        Collecting(MarkerCollection collection) {
            this.collection = collection;
        }

        @Override
        public Duration retention() {
            return collection.retention();
        }

        @Override
        public Mono<Long> collectMarkers() {
            return call(SpiOperation.ROW_COLLECT, "", collection.collectMarkers());
        }
    }
}
