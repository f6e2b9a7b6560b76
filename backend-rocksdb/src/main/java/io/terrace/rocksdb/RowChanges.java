// SPDX-License-Identifier: Apache-2.0
package io.terrace.rocksdb;

import io.terrace.spi.BlindOutcome;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.InlineObject;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowFrame;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.WriteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** What each operation makes of the row that it finds. Each is made on the caller's thread and decided on the committer's. */
final class RowChanges {

    private final TerraceRuntime runtime;
    private final long retentionMicros;

    RowChanges(TerraceRuntime runtime, Duration retention) {
        this.runtime = runtime;
        this.retentionMicros = retention.toMillis() * 1000;
    }

    /** A blind put. (HV-3) */
    Operation<BlindOutcome> put(RowKey key, WriteId writeId, InlineObject object) {
        RowHead next = inline(writeId, object);
        Value value = Value.of(next, object.payload(), retentionMicros);
        return batch -> {
            RowFrame found = batch.current(key);
            RowHead current = Batch.headOf(found);
            if (current.kind() == RowKind.TOMBSTONE) {
                return new BlindOutcome.Tombstoned(current);
            }
            batch.write(key, found, value);
            return new BlindOutcome.Done(next.version());
        };
    }

    /** A blind delete. (HV-4) */
    Operation<BlindOutcome> delete(RowKey key, WriteId writeId) {
        RowHead next = marker(writeId);
        Value value = Value.of(next, null, retentionMicros);
        return batch -> {
            RowFrame found = batch.current(key);
            RowHead current = Batch.headOf(found);
            if (current.kind() == RowKind.TOMBSTONE) {
                return new BlindOutcome.Tombstoned(current);
            }
            if (current.kind() != RowKind.INLINE) {
                return new BlindOutcome.Done(current.version());
            }
            batch.write(key, found, value);
            return new BlindOutcome.Done(next.version());
        };
    }

    /** A compare-and-set. (HV-5) */
    Operation<CasOutcome> compareAndSet(RowKey key, RowVersion expected, RowWrite write) {
        RowHead next = headOf(write);
        ByteBuffer payload =
                write instanceof RowWrite.Inline inline ? inline.object().payload() : null;
        Value value = Value.of(next, payload, retentionMicros);
        return batch -> {
            RowFrame found = batch.current(key);
            RowHead current = Batch.headOf(found);
            if (!current.version().equals(expected)) {
                return new CasOutcome.Refused(current, false);
            }
            batch.write(key, found, value);
            return new CasOutcome.Applied(next.version());
        };
    }

    /** A bump: the payload and its seal stay as they are. (HV-6) */
    Operation<CasOutcome> bump(RowKey key, RowVersion expected, RowChange change) {
        return batch -> {
            RowFrame found = batch.current(key);
            RowHead current = Batch.headOf(found);
            long now = runtime.nowMicros();
            if (!current.version().equals(expected) || change.isTooLateFor(current, now)) {
                return new CasOutcome.Refused(current, false);
            }
            RowHead next = change.applyTo(current, now);
            batch.bump(
                    key,
                    found,
                    found == null
                            ? RowFrame.of(next, null, null, retentionMicros)
                            : found.withHead(next, retentionMicros));
            return new CasOutcome.Applied(next.version());
        };
    }

    /** Removes those rows that are still as they were and may go; answers how many. (HV-1.3) */
    Operation<Long> collect(List<Expiry> expiries) {
        return batch -> {
            long removed = 0;
            for (Expiry expiry : expiries) {
                RowFrame found = batch.current(expiry.key());
                if (found != null
                        && found.head().version().equals(expiry.version())
                        && isCollectable(found, runtime.nowMicros())) {
                    batch.remove(expiry.key(), found);
                    removed++;
                }
            }
            return removed;
        };
    }

    /** By the longer of the retention that it was written with and today's. A tombstone never. (HV-1.3) */
    private boolean isCollectable(RowFrame frame, long now) {
        return frame.head().kind() != RowKind.TOMBSTONE
                && Math.max(frame.collectAtMicros(), RowFrame.collectAt(frame.head(), retentionMicros)) < now;
    }

    private RowHead headOf(RowWrite write) {
        return write.fold(
                inline -> inline(inline.writeId(), inline.object()),
                tombstone -> new RowHead(
                        RowKind.TOMBSTONE,
                        RowVersion.of(tombstone.writeId(), 0),
                        tombstone.deadline(),
                        runtime.nowMicros(),
                        tombstone.metadata(),
                        tombstone.target()),
                marker -> marker(marker.writeId()));
    }

    private RowHead inline(WriteId writeId, InlineObject object) {
        return new RowHead(
                RowKind.INLINE,
                RowVersion.of(writeId, 0),
                object.deadline(),
                runtime.nowMicros(),
                object.metadata(),
                null);
    }

    private RowHead marker(WriteId writeId) {
        return new RowHead(RowKind.MARKER, RowVersion.of(writeId, 0), Deadline.NONE, runtime.nowMicros(), null, null);
    }
}
