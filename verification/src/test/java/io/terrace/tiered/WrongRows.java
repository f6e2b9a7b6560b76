// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import io.terrace.testkit.runtime.ManualRuntime;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Row stores that break one rule of their contract, each as a real store once did. */
abstract class WrongRows implements HighVolumeBackend {

    final InMemoryRows rows;
    final ManualRuntime runtime;

    private WrongRows(InMemoryRows rows, ManualRuntime runtime) {
        this.rows = rows;
        this.runtime = runtime;
    }

    /** Removes what is marked as deleted, long before its time. Needs rows without marker retention. */
    Mono<Void> collect() {
        return Mono.fromRunnable(() -> runtime.advance(Duration.ofMillis(1)))
                .then(rows.collectMarkers())
                .then();
    }

    /** Right in itself; for rows that are wrong by their marker retention. */
    static final class Plain extends WrongRows {

        Plain(InMemoryRows rows, ManualRuntime runtime) {
            super(rows, runtime);
        }
    }

    /** HV-3: treats an expired tombstone as if there were no row. */
    static final class BlindOverExpired extends WrongRows {

        BlindOverExpired(InMemoryRows rows, ManualRuntime runtime) {
            super(rows, runtime);
        }

        @Override
        public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
            return super.putUnlessTombstone(id, writeId, object)
                    .flatMap(outcome -> outcome.fold(
                            done -> Mono.just(outcome),
                            refused -> refused.head().isLiveAt(runtime.nowMicros())
                                    ? Mono.just(outcome)
                                    : rows.compareAndSet(
                                                    id, refused.head().version(), new RowWrite.Inline(writeId, object))
                                            .thenReturn(new BlindOutcome.Done(RowVersion.of(writeId, 0)))));
        }
    }

    /** HV-1.3: a delete removes the row instead of leaving a marker. */
    static final class DeleteRemoves extends WrongRows {

        DeleteRemoves(InMemoryRows rows, ManualRuntime runtime) {
            super(rows, runtime);
        }

        @Override
        public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
            return super.deleteUnlessTombstone(id, writeId).delayUntil(outcome -> collect());
        }
    }

    /** HV-6.14: a touch is carried out whenever it arrives. */
    static final class TouchesExpired extends WrongRows {

        TouchesExpired(InMemoryRows rows, ManualRuntime runtime) {
            super(rows, runtime);
        }

        @Override
        public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
            return super.bump(
                    id,
                    expected,
                    change.kind() == RowChange.Kind.TOUCH
                            ? new RowChange(RowChange.Kind.UPDATE, 1, change.deadline(), change.metadata())
                            : change);
        }
    }

    /** HV-1.3: expired tombstones vanish, as with the time-to-live of some stores. */
    static final class DropsExpired extends WrongRows {

        DropsExpired(InMemoryRows rows, ManualRuntime runtime) {
            super(rows, runtime);
        }

        @Override
        public Mono<Row> read(ObjectId id, RowProjection projection) {
            return super.read(id, projection)
                    .flatMap(row -> row.kind() == RowKind.TOMBSTONE
                                    && row.head().deadline().isPastAt(runtime.nowMicros())
                            ? drop(id, row.head()).then(Mono.empty())
                            : Mono.just(row));
        }

        private Mono<Void> drop(ObjectId id, RowHead head) {
            return rows.bump(id, head, RowChange.deadline(Deadline.DEAD))
                    .then(rows.read(id, RowProjection.HEAD))
                    .flatMap(dead -> rows.bump(id, dead.head(), RowChange.retire()))
                    .then(collect());
        }
    }

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return rows.capabilities();
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return Optional.empty();
    }

    @Override
    public Mono<Health> check() {
        return rows.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return rows.closeLater();
    }

    @Override
    public Mono<Row> read(ObjectId id, RowProjection projection) {
        return rows.read(id, projection);
    }

    @Override
    public Mono<BlindOutcome> putUnlessTombstone(ObjectId id, WriteId writeId, InlineObject object) {
        return rows.putUnlessTombstone(id, writeId, object);
    }

    @Override
    public Mono<BlindOutcome> deleteUnlessTombstone(ObjectId id, WriteId writeId) {
        return rows.deleteUnlessTombstone(id, writeId);
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return rows.compareAndSet(id, expected, write);
    }

    @Override
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return rows.bump(id, expected, change);
    }
}
