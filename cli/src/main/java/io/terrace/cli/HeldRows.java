// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.Health;
import io.terrace.ObjectId;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.Capability;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.Row;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.WriteId;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Rows of which one can be held at the moment of a commit: by then the blob is visible, and no row points to it. */
final class HeldRows implements HighVolumeBackend {

    private final HighVolumeBackend rows;
    private final Gate gate;

    HeldRows(HighVolumeBackend rows, Gate gate) {
        this.rows = rows;
        this.gate = gate;
    }

    /** Which row is held, and whether. Starts open. */
    static final class Gate {
        private final ObjectId held;
        private final Runnable whenHeld;
        private volatile boolean closed;

        Gate(ObjectId held, Runnable whenHeld) {
            this.held = held;
            this.whenHeld = whenHeld;
        }

        void close() {
            closed = true;
        }

        private <T> Mono<T> around(ObjectId id, Mono<T> commit) {
            return Mono.defer(() -> {
                if (!closed || !id.equals(held)) {
                    return commit;
                }
                whenHeld.run();
                return Mono.never();
            });
        }
    }

    @Override
    public Mono<CasOutcome> compareAndSet(ObjectId id, RowVersion expected, RowWrite write) {
        return gate.around(id, rows.compareAndSet(id, expected, write));
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
    public Mono<CasOutcome> bump(ObjectId id, RowHead expected, RowChange change) {
        return rows.bump(id, expected, change);
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
        return rows.facet(type);
    }

    @Override
    public Mono<Health> check() {
        return rows.check();
    }

    @Override
    public Mono<Void> closeLater() {
        return rows.closeLater();
    }
}
