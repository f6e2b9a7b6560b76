// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows that can be removed, which the reference refuses to do: it has a marker there that nobody sees. */
class RemovingRows extends ForwardingRows {

    private final Set<ObjectId> gone = ConcurrentHashMap.newKeySet();

    RemovingRows(TerraceRuntime clock) {
        super(clock);
    }

    final void remove(ObjectId id) {
        overwrite(id, new RowWrite.Marker(clock().newWriteId()));
        gone.add(id);
    }

    /** Removes the row as it was listed, and says whether it still was so. */
    final boolean remove(ListedRow row) {
        // Gone first: what is written from here on takes that back, and makes the write below fail.
        gone.add(row.id());
        CasOutcome outcome = rows().compareAndSet(
                        row.id(), row.head().version(), new RowWrite.Marker(clock().newWriteId()))
                .block();
        boolean removed = outcome instanceof CasOutcome.Applied;
        if (!removed) {
            gone.remove(row.id());
        }
        return removed;
    }

    final boolean isGone(ObjectId id) {
        return gone.contains(id);
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return Mono.defer(() -> gone.contains(id) ? Mono.empty() : super.read(id, projection));
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return super.putUnlessTombstone(id, writeId, object).doOnNext(done -> gone.remove(id));
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return Mono.defer(() -> gone.contains(id)
                ? Mono.just(new BlindOutcome.Done(RowVersion.ABSENT))
                : super.deleteUnlessTombstone(id, writeId));
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return Mono.defer(() -> {
            if (!gone.contains(id)) {
                return super.compareAndSet(id, expected, write);
            }
            return expected.isAbsent()
                    ? super.compareAndSet(id, head(id).version(), write).doOnNext(done -> gone.remove(id))
                    : Mono.just(new CasOutcome.Refused(RowHead.ABSENT, false));
        });
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return Mono.defer(() -> gone.contains(id)
                ? Mono.just(new CasOutcome.Refused(RowHead.ABSENT, false))
                : super.bump(id, expected, change));
    }

    @Override
    public Flux<ListedRow> scan(String prefix, String after) {
        return super.scan(prefix, after).filter(row -> !gone.contains(row.id()));
    }
}
