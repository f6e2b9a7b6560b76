// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.cloud.bigtable.data.v2.models.Query;
import com.google.cloud.bigtable.data.v2.models.Range.ByteStringRange;
import com.google.protobuf.ByteString;
import io.terrace.ObjectId;
import io.terrace.spi.MultiRowReads.FoundRow;
import io.terrace.spi.Row;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.TerraceRuntime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What changes nothing. */
final class Reads {

    /** No row is read that long before it is asked for, however much the flow control of the connection lets through. */
    private static final int PAGE_ROWS = 500;

    private static final ByteString BEHIND_RESERVED = ByteString.copyFrom(new byte[] {1});

    private final Calls calls;
    private final Predicates predicates;
    private final RowCodec codec;
    private final TerraceRuntime runtime;

    Reads(Calls calls, Predicates predicates, TerraceRuntime runtime) {
        this.calls = calls;
        this.predicates = predicates;
        this.codec = new RowCodec(predicates.legacy());
        this.runtime = runtime;
    }

    /** With the payload's bytes only if asked for, but in either case with its place. Empty if there is no row. */
    Mono<RowCodec.Stored> stored(ObjectId id, RowProjection projection) {
        return Mono.defer(() ->
                        calls.row(Writes.key(id), projection == RowProjection.FULL ? null : predicates.headAndPlace()))
                .onErrorMap(error -> BigtableErrors.ofRead("to read the row of " + id, error))
                .mapNotNull(row -> codec.decode(row, id));
    }

    Mono<Row> row(ObjectId id, RowProjection projection) {
        return stored(id, projection).map(row -> projected(row, id, projection));
    }

    /** {@link RowHead#ABSENT} if there is none. */
    Mono<RowHead> head(ObjectId id) {
        return stored(id, RowProjection.HEAD).map(RowCodec.Stored::head).defaultIfEmpty(RowHead.ABSENT);
    }

    Row checked(RowCodec.Stored stored, ObjectId id) {
        return RowCodec.full(stored, id, runtime.nowMicros());
    }

    /** Of these objects, in one request. */
    Flux<FoundRow> rows(Collection<ObjectId> ids, RowProjection projection) {
        return Flux.defer(() -> {
            Map<ByteString, ObjectId> wanted = new HashMap<>();
            Query query = calls.query();
            for (ObjectId id : ids) {
                ByteString key = Writes.key(id);
                if (wanted.put(key, id) == null) {
                    query.rowKey(key);
                }
            }
            if (wanted.isEmpty()) {
                // A query without keys is one for all rows.
                return Flux.<FoundRow>empty();
            }
            if (projection == RowProjection.HEAD) {
                query.filter(predicates.headAndPlace());
            }
            return calls.rows(query)
                    .onErrorMap(error -> BigtableErrors.ofRead("to read " + wanted.size() + " rows", error))
                    .<FoundRow>handle((row, sink) -> {
                        ObjectId id = wanted.get(row.getKey());
                        RowCodec.Stored stored = id == null ? null : codec.decode(row, id);
                        if (id != null && stored != null) {
                            sink.next(new FoundRow(id, projected(stored, id, projection)));
                        }
                    });
        });
    }

    /** In the order of their keys, one request for each page. Heads come without tokens. */
    Flux<ListedRow> list(String prefix, String after) {
        return Flux.defer(() -> {
            Pages pages = new Pages(ByteString.copyFromUtf8(prefix), ByteString.copyFromUtf8(after));
            return Flux.defer(() -> calls.rows(pages.next()))
                    .doOnNext(row -> pages.saw(row.getKey()))
                    .repeat(pages::more)
                    .onErrorMap(error -> BigtableErrors.ofRead("to list the rows below '" + prefix + "'", error))
                    .handle((row, sink) -> {
                        ObjectId id = RowCodec.objectOf(row.getKey());
                        RowCodec.Stored stored = codec.decode(row, id);
                        if (stored != null) {
                            sink.next(new ListedRow(id, stored.head()));
                        }
                    });
        });
    }

    private Row projected(RowCodec.Stored stored, ObjectId id, RowProjection projection) {
        return projection == RowProjection.FULL ? checked(stored, id) : new Row(stored.head(), null);
    }

    /** Where a listing is. Used by one reader, one signal at a time. */
    private final class Pages {

        private final @Nullable ByteString end;
        private ByteString start;
        private boolean startIncluded;
        private int rows;

        Pages(ByteString prefix, ByteString after) {
            ByteString from = prefix.isEmpty() ? BEHIND_RESERVED : prefix;
            boolean resumed = ByteString.unsignedLexicographicalComparator().compare(after, from) >= 0;
            this.start = resumed ? after : from;
            this.startIncluded = !resumed;
            this.end = prefix.isEmpty() ? null : Predicates.successor(prefix);
        }

        Query next() {
            rows = 0;
            if (end != null && ByteString.unsignedLexicographicalComparator().compare(start, end) >= 0) {
                // The store refuses a range that ends before it begins, so this is one of nothing.
                return calls.query().rowKey(Cells.RESERVED_KEY).limit(1).filter(predicates.head());
            }
            ByteStringRange range = ByteStringRange.unbounded();
            if (startIncluded) {
                range.startClosed(start);
            } else {
                range.startOpen(start);
            }
            if (end != null) {
                range.endOpen(end);
            }
            return calls.query().range(range).limit(PAGE_ROWS).filter(predicates.head());
        }

        void saw(ByteString key) {
            start = key;
            startIncluded = false;
            rows++;
        }

        boolean more() {
            return rows == PAGE_ROWS;
        }
    }
}
